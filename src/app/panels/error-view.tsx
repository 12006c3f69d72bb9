// An error as the user can act on it: message, what to do, and the way to the line.
import { CircleX, CornerDownRight } from 'lucide-react'
import type { ErrorInfo, SourceLocation } from '#sdk'
import { baseName } from '#workspace'
import { canReveal } from '../editor/index.ts'
import { goTo } from '../shell/navigation.ts'
import { sectionOfError } from '../help/error-sections.ts'
import { showHelp } from '../help/help-actions.ts'
import './errors.css'

const isSamePlace = (a: SourceLocation, b: SourceLocation | undefined): boolean =>
  a.file === b?.file && a.line === b.line && a.column === b.column

export function ErrorView({ info }: { info: ErrorInfo }) {
  const { code, message, plugin, hook, stage, source, hint, frames = [], cause } = info
  // Mostly the place of the error is the first frame of its stack.
  const stack = frames.filter((frame, index) => index > 0 || !isSamePlace(frame, source))
  return (
    <div className="error-view">
      <p className="error-message">
        <CircleX size={15} aria-label="Error" />
        <span>{message}</span>
      </p>
      {hint === undefined ? null : <p>{hint}</p>}
      <p className="error-where">
        {source === undefined ? null : <SourceLink location={source} />}
        {[plugin, hook ?? stage].filter(Boolean).join(' · ')}{' '}
        <button
          type="button"
          className="error-code"
          title="More about it in the guide"
          onClick={() => showHelp(sectionOfError(code))}
        >
          <code>{code}</code>
        </button>
      </p>
      {stack.length === 0 ? null : (
        <ol className="error-frames" aria-label="Stack">
          {stack.map((frame, index) => (
            <li key={index}>
              <SourceLink location={frame} /> <code>{frame.name}</code>
            </li>
          ))}
        </ol>
      )}
      {cause === undefined ? null : (
        <div className="error-cause">
          <p className="error-where">
            <CornerDownRight size={12} aria-hidden="true" /> caused by
          </p>
          <ErrorView info={cause} />
        </div>
      )}
    </div>
  )
}

interface SourceLinkProps {
  location: SourceLocation
  /** Only the name of the file and the line; the rest shows when pointed at. */
  isShort?: boolean
}

/** A place in the code; one that can be shown leads there. */
export function SourceLink({ location, isShort = false }: SourceLinkProps) {
  const { file, line, column } = location
  const whole = `${file}:${line}:${column}`
  const text = isShort ? `${baseName(file)}:${line}` : whole
  if (!canReveal(location)) return <code title={whole}>{text}</code>
  return (
    <button type="button" className="source-link" title={whole} onClick={() => goTo(location)}>
      {text}
    </button>
  )
}
