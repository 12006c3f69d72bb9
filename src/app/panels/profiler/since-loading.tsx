// Without a recording: time of plugins since they were loaded, as the engine counts it always.
import { nameOf } from '../../store/engine-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { formatCount, formatDuration } from '../../ui/format.ts'
import { goToCall } from './flame.tsx'

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
      <table className="data-table profile-table" aria-label="Hooks since loading">
        <thead>
          <tr>
            <th scope="col">Hook</th>
            <th scope="col" className="number profile-wide">
              Calls
            </th>
            <th scope="col" className="number">
              Mean
            </th>
            <th scope="col" className="number profile-wide">
              Longest
            </th>
            <th scope="col" className="number">
              Total
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ plugin, hook, calls, totalMs, maxMs }, index) => (
            <tr key={index}>
              <td>
                <button
                  type="button"
                  className="profile-call"
                  onClick={() => void goToCall({ plugin, kind: 'hook', name: hook })}
                >
                  <strong>{plugin}</strong> <code>{hook}</code>
                </button>
              </td>
              <td className="number profile-wide">{formatCount(calls)}</td>
              <td className="number">{formatDuration(totalMs / calls)}</td>
              <td className="number profile-wide">{formatDuration(maxMs)}</td>
              <td className="number">{formatDuration(totalMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
