// How the work of a run is compiled: programs and what they take, and the lines that keep it from being one.
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
  const { reasons } = work
  const kinds = [...new Set(reasons.map(({ kind }) => kind))]
  const name = workNames[work.work]
  return (
    <div className="compiled-work" role="group" aria-label={name}>
      <p>
        <strong>{name}</strong> <span className="panel-muted">{formOf(work)}</span>
      </p>
      {reasons.length === 0 ? null : (
        <ul className="compiled-reasons" aria-label={`Why: ${name}`}>
          {reasons.map(({ message, source }, index) => (
            <li key={index}>
              <span>{message}</span>{' '}
              {source === undefined ? null : <SourceLink location={source} />}
            </li>
          ))}
        </ul>
      )}
      {kinds.map((kind) => (
        <p key={kind} className="panel-muted">
          {hints[kind]}
        </p>
      ))}
      {work.repeats && <RepeatedSteps repeats={work.repeats} />}
      <Figures figures={figuresOf(work)} />
    </div>
  )
}

function RepeatedSteps({ repeats }: { repeats: NonNullable<CompiledWork['repeats']> }) {
  const reasons = reasonsOf(repeats)
  const kinds = [...new Set(reasons.map(({ kind }) => kind))]
  return (
    <>
      <p className="panel-muted">{shareOf(repeats)}</p>
      {reasons.length === 0 ? null : (
        <ul className="compiled-reasons" aria-label="Why the code of steps runs">
          {reasons.map(({ message, source, steps }, index) => (
            <li key={index}>
              <span>
                {message} ({plural(steps, 'step')})
              </span>{' '}
              {source === undefined ? null : <SourceLink location={source} />}
            </li>
          ))}
        </ul>
      )}
      {kinds.map((kind) => (
        <p key={kind} className="panel-muted">
          {repeatHints[kind]}
        </p>
      ))}
    </>
  )
}
