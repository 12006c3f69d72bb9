// Without a recording: time of plugins since they were loaded, as the engine counts it always.
import { nameOf } from '../../store/engine-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { CallLink, TimingTable } from './share-tables.tsx'

/** Most rows: those below take next to no time. */
const MAX_ROWS = 40

export function SinceLoading() {
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const rows = plugins
    .flatMap((plugin) =>
      plugin.hooks
        .filter(({ calls }) => calls > 0)
        .map((hook) => ({ plugin: nameOf(plugin), ...hook })),
    )
    .toSorted((a, b) => b.totalMs - a.totalMs)
    .slice(0, MAX_ROWS)
  if (rows.length === 0) return null
  return (
    <section className="profile-section">
      <h3>Hooks since their plugins were loaded</h3>
      <p className="panel-muted">
        Inside of steps, one call in sixteen is timed. Press Record for phases, models, losses and
        kernels.
      </p>
      <TimingTable
        label="Hooks since loading"
        heading="Hook"
        rows={rows.map(({ plugin, hook, calls, totalMs, maxMs }) => ({
          name: <CallLink call={{ plugin, kind: 'hook', name: hook }} />,
          calls,
          meanMs: totalMs / calls,
          maxMs,
          totalMs,
        }))}
      />
    </section>
  )
}
