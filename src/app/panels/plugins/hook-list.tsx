// The functions of a plugin that the engine calls: hooks and listeners to events, with calls and time.
import type { PluginInfo } from '#protocol'
import { formatCount, formatDuration, plural } from '../../ui/format.ts'
import type { Subject } from '../plugin-source/source-places.ts'

type Hook = PluginInfo['hooks'][number]

const EVENT = 'event '

export function HookList({
  plugin: { hooks },
  onGo,
}: {
  plugin: PluginInfo
  onGo: (subject: Subject, name: string) => void
}) {
  if (hooks.length === 0) return null
  const sorted = hooks.toSorted((a, b) => b.totalMs - a.totalMs)
  return (
    <div>
      <h3>Hooks and listeners</h3>
      <ul className="hook-list" aria-label="Hooks and listeners">
        {sorted.map((hook, index) => (
          <li key={index}>
            <button type="button" className="hook-row" onClick={() => onGo(...placeFor(hook))}>
              <span className="plugin-line">
                <code>{hook.hook.replace(EVENT, 'on ')}</code>
                <span className="numeric">
                  {hook.calls > 0 ? formatDuration(hook.totalMs) : ''}
                </span>
              </span>
              <span className="hook-facts">
                {factsOf(hook).join(' · ')}
                {hook.failures > 0 ? (
                  <span className="hook-failures"> · {hook.failures} failed</span>
                ) : null}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

const placeFor = ({ hook }: Hook): [Subject, string] =>
  hook.startsWith(EVENT) ? ['listener', hook.slice(EVENT.length)] : ['hook', hook]

function factsOf({ calls, totalMs, maxMs, priority, condition, isWrapper, label, hook }: Hook) {
  const isNamed = label !== hook && !hook.startsWith(EVENT)
  return [
    calls === 0 ? 'not called yet' : plural(calls, 'call'),
    ...(calls > 0 ? [`mean ${formatDuration(totalMs / calls)}`] : []),
    ...(maxMs > 0 ? [`longest ${formatDuration(maxMs)}`] : []),
    ...(condition === undefined ? [] : [condition]),
    ...(priority === 0 ? [] : [`priority ${formatCount(priority)}`]),
    ...(isWrapper ? ['wraps the hook'] : []),
    ...(isNamed ? [label] : []),
  ]
}
