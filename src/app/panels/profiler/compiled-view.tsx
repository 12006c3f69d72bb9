// How the work of a run is compiled: programs and what they take, and the lines that keep it from being one.
import type { SourceLocation } from '#sdk'
import type { CompiledWork } from '../../store/profile-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { plural } from '../../ui/format.ts'
import { SourceLink } from '../error-view.tsx'
import { figuresOf, formOf, hints, reasonsOf, repeatHints, shareOf, workNames } from './compiled.ts'
import { Figures } from './figures.tsx'

export function CompiledView() {
  const compiled = useEngineView(({ profile }) => profile.compiled)
  if (compiled.length === 0) return null
  return (
    <section className="profile-section" aria-label="Compiled for the device">
      <h3>Compiled for the device</h3>
      {compiled.map((work) => (
        <Work key={work.work} work={work} />
      ))}
    </section>
  )
}

function Work({ work }: { work: CompiledWork }) {
  const { reasons, repeats } = work
  const name = workNames[work.work]
  return (
    <div className="compiled-work" role="group" aria-label={name}>
      <p>
        <strong>{name}</strong> <span className="panel-muted">{formOf(work)}</span>
      </p>
      <Reasons label={`Why: ${name}`} reasons={reasons} hints={hints} />
      {repeats && (
        <>
          <p className="panel-muted">{shareOf(repeats)}</p>
          <Reasons
            label="Why the code of steps runs"
            reasons={reasonsOf(repeats)}
            hints={repeatHints}
          />
        </>
      )}
      <Figures figures={figuresOf(work)} />
    </div>
  )
}

interface Reason<Kind> {
  kind: Kind
  message: string
  source?: SourceLocation | undefined
  /** So many had it. */
  steps?: number
}

/** Reasons with their lines, and what to do about each kind. */
function Reasons<Kind extends string>({
  label,
  reasons,
  hints: hintOf,
}: {
  label: string
  reasons: readonly Reason<Kind>[]
  hints: Readonly<Record<Kind, string>>
}) {
  if (reasons.length === 0) return null
  const kinds = [...new Set(reasons.map(({ kind }) => kind))]
  return (
    <>
      <ul className="compiled-reasons" aria-label={label}>
        {reasons.map(({ message, source, steps }, index) => (
          <li key={index}>
            <span>{steps === undefined ? message : `${message} (${plural(steps, 'step')})`}</span>{' '}
            {source === undefined ? null : <SourceLink location={source} />}
          </li>
        ))}
      </ul>
      {kinds.map((kind) => (
        <p key={kind} className="panel-muted">
          {hintOf[kind]}
        </p>
      ))}
    </>
  )
}
