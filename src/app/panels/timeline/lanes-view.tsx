// The lifecycle of each plugin as a lane of bars.
import { useEffect, useMemo, useState } from 'react'
import { useEngineView } from '../../store/store.ts'
import { formatDuration } from '../../ui/format.ts'
import { goToPlugin } from '../plugin-source/go-to-part.ts'
import { lanesOf } from './lanes.ts'

/** How often what lasts is drawn longer. */
const TICK_MS = 1000

export function LanesView({ query }: { query: string }) {
  const history = useEngineView((view) => view.history)
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(ticking)
  }, [])
  const latest = Math.max(
    now,
    ...Object.values(history).map((transitions) => transitions.at(-1)?.time ?? 0),
  )
  const lanes = useMemo(() => lanesOf(history, latest, formatDuration), [history, latest])
  const wanted = query.trim().toLowerCase()
  const shown = lanes.filter(({ plugin }) => plugin.toLowerCase().includes(wanted))
  if (shown.length === 0) {
    return (
      <p className="panel-note">
        {lanes.length === 0
          ? 'No plugin has been loaded yet: press Run, or load one in the Plugins panel.'
          : 'No plugin fits this filter.'}
      </p>
    )
  }
  return (
    <div className="lanes" role="region" aria-label="Lifecycle of plugins" tabIndex={0}>
      <p className="lanes-legend" aria-hidden="true">
        {(['step', 'loaded', 'initialized', 'running', 'stopped', 'failed'] as const).map(
          (kind) => (
            <span key={kind}>
              <span className="lane-key" data-kind={kind} /> {kind === 'step' ? 'step' : kind}
            </span>
          ),
        )}
        <span className="panel-muted">long waits are drawn short</span>
      </p>
      {shown.map(({ plugin, bars, words }) => (
        <div key={plugin} className="lane">
          <button type="button" className="lane-name" onClick={() => void goToPlugin(plugin)}>
            {plugin}
          </button>
          <div className="lane-bars" role="img" aria-label={`${plugin}: ${words}`}>
            {bars.map(({ kind, title, from, to }, index) => (
              <span
                key={index}
                className="lane-bar"
                data-kind={kind}
                title={title}
                style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
              />
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
