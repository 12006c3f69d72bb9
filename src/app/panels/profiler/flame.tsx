// One step over its time: phases on top, below them the calls into plugins, those inside of others one row down.
import { useMemo } from 'react'
import type { RecordedStep } from '../../store/profile-slice.ts'
import { formatDuration } from '../../ui/format.ts'
import { goToPart, goToPlugin } from '../plugin-source/go-to-part.ts'
import { nest, type NestedCall } from './breakdown.ts'

const ROW = 22

export function Flame({ step }: { step: RecordedStep }) {
  const calls = useMemo(() => nest(step.calls), [step])
  const place = (startMs: number, durationMs: number) => ({
    left: `${((startMs - step.startMs) / step.durationMs) * 100}%`,
    width: `${(durationMs / step.durationMs) * 100}%`,
  })
  const rows = 1 + Math.max(0, ...calls.map(({ depth }) => depth + 1))
  return (
    <div
      className="flame"
      style={{ height: rows * ROW }}
      role="group"
      aria-label="Calls of the step"
    >
      {step.phases.map(({ name, startMs, durationMs }, index) => (
        <div
          key={index}
          className="flame-span flame-phase"
          data-phase={name}
          title={`${name}: ${formatDuration(durationMs)}`}
          style={{ ...place(startMs, durationMs), top: 0 }}
        >
          {name}
        </div>
      ))}
      {calls.map((call, index) => (
        <button
          key={index}
          type="button"
          className="flame-span flame-call"
          data-kind={call.kind}
          title={titleOf(call)}
          style={{ ...place(call.startMs, call.durationMs), top: (call.depth + 1) * ROW }}
          onClick={() => void goToCall(call)}
        >
          {call.plugin} · {call.name}
        </button>
      ))}
    </div>
  )
}

function titleOf({ plugin, name, durationMs, ownMs, tensors }: NestedCall): string {
  const own = ownMs < durationMs ? `, ${formatDuration(ownMs)} of its own` : ''
  const left =
    tensors === 0 ? '' : `\n${tensors > 0 ? 'leaves' : 'frees'} ${Math.abs(tensors)} tensors`
  return `${plugin} · ${name}: ${formatDuration(durationMs)}${own}${left}`
}

/** To the hook's line; to the plugin for a component. */
export const goToCall = ({
  plugin,
  kind,
  name,
}: Pick<NestedCall, 'plugin' | 'kind' | 'name'>): Promise<void> => {
  if (kind === 'component') return goToPlugin(plugin)
  const isEvent = name.startsWith('event ')
  return goToPart(plugin, isEvent ? 'listener' : 'hook', isEvent ? name.slice(6) : name)
}
