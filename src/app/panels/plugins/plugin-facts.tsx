// What a plugin contributes, takes, tells and is: parts that lead to their line, settings, its manifest.
import type { PluginInfo } from '#protocol'
import { formatCount, formatDuration, formatValue } from '../../ui/format.ts'
import type { Subject } from '../plugin-source/source-places.ts'

type Go = (subject: Subject, name: string) => void

export function Gives({ plugin, onGo }: { plugin: PluginInfo; onGo: Go }) {
  const { contributions, services, uses, emits, metrics } = plugin
  const listens = new Set(
    plugin.hooks.filter(({ hook }) => hook.startsWith('event ')).map(({ hook }) => hook.slice(6)),
  )
  return (
    <>
      <Parts
        title="Contributes"
        subject="contribution"
        parts={contributions.map(({ kind, name, isDefault }) => ({
          name: `${kind}/${name}`,
          note: isDefault ? 'default' : '',
        }))}
        onGo={onGo}
      />
      <Parts title="Provides services" subject="service" parts={named(services)} onGo={onGo} />
      <Parts title="Uses services" subject="service" parts={named(uses)} onGo={onGo} />
      <Parts
        title="Emits events"
        subject="event"
        parts={emits.map(({ type, count }) => ({ name: type, note: `${formatCount(count)}×` }))}
        onGo={onGo}
      />
      <Parts title="Listens to events" subject="listener" parts={named([...listens])} onGo={onGo} />
      {metrics.length === 0 ? null : (
        <div>
          <h3>Counts and timers of its own</h3>
          <ul className="fact-list">
            {metrics.map(({ name, unit, count, total, max }) => (
              <li key={name} className="plugin-line">
                <span>{name}</span>
                <span className="panel-muted numeric">
                  {unit === 'ms'
                    ? `${formatCount(count)}× · mean ${formatDuration(total / count)} · longest ${formatDuration(max)}`
                    : `${formatCount(count)}× · sum ${formatValue(total)}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}

const named = (names: readonly string[]) => names.map((name) => ({ name, note: '' }))

interface PartsProps {
  title: string
  subject: Subject
  parts: readonly { name: string; note: string }[]
  onGo: Go
}

function Parts({ title, subject, parts, onGo }: PartsProps) {
  if (parts.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <ul className="chips" aria-label={title}>
        {parts.map(({ name, note }) => (
          <li key={name}>
            <button type="button" className="chip chip-link" onClick={() => onGo(subject, name)}>
              {name}
              {note === '' ? null : <span className="panel-muted"> {note}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Time in lifecycle methods and the like; that of hooks stands with them. */
export function TimeByStage({ plugin: { stages, totalMs } }: { plugin: PluginInfo }) {
  if (stages.length === 0) return null
  return (
    <details className="fold">
      <summary>
        Time <span className="panel-muted numeric">{formatDuration(totalMs)} in all</span>
      </summary>
      <ul className="fact-list">
        {stages.map(({ stage, calls, totalMs: spent }) => (
          <li key={stage} className="plugin-line">
            <code>{stage}</code>
            <span className="panel-muted numeric">
              {calls > 1 ? `${formatCount(calls)}× · ` : ''}
              {formatDuration(spent)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Its settings in effect, and the manifest. */
export function Facts({ plugin: { manifest, config, file, origin } }: { plugin: PluginInfo }) {
  const rules = (given: Readonly<Record<string, string>>): string =>
    Object.entries(given)
      .map(([name, range]) => (range === '*' ? name : `${name} ${range}`))
      .join(', ')
  const facts: [string, string | undefined][] = [
    ['Version', manifest.version],
    ['Category', manifest.category],
    ['From', origin === 'builtin' ? 'built in' : file],
    ['Author', manifest.author],
    ['License', manifest.license],
    ['Tags', manifest.tags.join(', ')],
    ['Priority', manifest.priority === 0 ? undefined : String(manifest.priority)],
    ['Requires', rules(manifest.requires)],
    ['Optional', rules(manifest.optional)],
    ['Conflicts', manifest.conflicts.join(', ')],
    ['Provides', manifest.provides.join(', ')],
    ['Engine', manifest.engine],
  ]
  const isEmpty = config === undefined || config === '{}'
  return (
    <>
      {isEmpty ? null : (
        <details className="fold">
          <summary>
            Settings in effect <span className="panel-muted">defaults filled in</span>
          </summary>
          <pre tabIndex={0}>{config}</pre>
        </details>
      )}
      <details className="fold">
        <summary>Manifest</summary>
        <dl className="plugin-manifest">
          {facts.map(([title, value]) =>
            value === undefined || value === '' ? null : (
              <div key={title} style={{ display: 'contents' }}>
                <dt>{title}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
      </details>
    </>
  )
}
