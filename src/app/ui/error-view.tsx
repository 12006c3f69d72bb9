// An error as the user can act on it: message, what to do, and the way to the line.
import { CornerDownRight, OctagonAlert } from 'lucide-react'
import type { ErrorInfo, SourceLocation } from '#sdk'

interface ErrorViewProps {
  info: ErrorInfo
  onReveal: (location: SourceLocation) => void
}

export function ErrorView({ info, onReveal }: ErrorViewProps) {
  const where = [info.plugin, info.hook ?? info.stage].filter(Boolean).join(' · ')
  const frames = info.frames ?? (info.source ? [{ ...info.source, name: '' }] : [])
  return (
    <div className="error-view">
      <p className="error-message">
        <OctagonAlert size={14} aria-hidden="true" />
        <span>{info.message}</span>
      </p>
      {where === '' ? null : <p className="error-where">{where}</p>}
      {info.hint === undefined ? null : <p className="error-hint">{info.hint}</p>}
      {frames.length === 0 ? null : (
        <ol className="error-frames" aria-label="Stack">
          {frames.map((frame, index) => (
            <li key={index}>
              <SourceLink location={frame} onReveal={onReveal} />
              {frame.name === '' ? null : <span className="error-frame-name">{frame.name}</span>}
            </li>
          ))}
        </ol>
      )}
      {info.cause === undefined ? null : (
        <div className="error-cause">
          <span className="error-where">
            <CornerDownRight size={12} aria-hidden="true" /> caused by
          </span>
          <ErrorView info={info.cause} onReveal={onReveal} />
        </div>
      )}
    </div>
  )
}

interface SourceLinkProps {
  location: SourceLocation
  onReveal: (location: SourceLocation) => void
}

/** A place in the user's files that opens in the editor. */
function SourceLink({ location, onReveal }: SourceLinkProps) {
  return (
    <button type="button" className="source-link" onClick={() => onReveal(location)}>
      {location.file}:{location.line}:{location.column}
    </button>
  )
}
