// Which lifecycle steps make sense in which state, and the words for both.
import type { LifecycleStep, PluginInfo, PluginState } from '#protocol'

/** The way up, in order; a plugin's track shows how far it has come. */
export const STAGES = ['discovered', 'validated', 'loaded', 'initialized', 'running'] as const

/** Stages passed, 0 for one that is down again. */
export function stagesPassed({
  state,
  cause,
  error,
}: Pick<PluginInfo, 'state' | 'cause' | 'error'>): number {
  switch (state) {
    case 'discovered':
    case 'validated':
    case 'loaded':
    case 'initialized':
    case 'running':
      return STAGES.indexOf(state) + 1
    case 'stopped':
      return STAGES.indexOf('initialized') + 1
    case 'cleaned':
      return 0
    case 'failed':
      return cause === 'quarantined' ? STAGES.length : failedAfter(error?.stage)
    default:
      return state satisfies never
  }
}

/** A failed step leaves the stage before it as the last that was passed. */
function failedAfter(stage: string | undefined): number {
  const passed: Record<string, number> = { validate: 1, load: 2, initialize: 3, start: 4, stop: 4 }
  return passed[stage ?? ''] ?? 1
}

export const STEPS: readonly {
  step: LifecycleStep
  label: string
  from: readonly PluginState[]
}[] = [
  { step: 'validate', label: 'Validate', from: ['discovered', 'cleaned'] },
  { step: 'load', label: 'Load', from: ['validated'] },
  { step: 'initialize', label: 'Initialize', from: ['loaded'] },
  { step: 'start', label: 'Start', from: ['initialized', 'stopped'] },
  { step: 'stop', label: 'Stop', from: ['running'] },
  {
    step: 'cleanup',
    label: 'Clean up',
    from: ['loaded', 'initialized', 'stopped', 'failed'],
  },
]

export const CAUSES = {
  threw: 'its code threw an error',
  timeout: 'it took too long',
  dependency: 'a plugin it stands on failed',
  conflict: 'it cannot run beside another plugin',
  quarantined: 'a hook failed too often in a row',
} satisfies Record<NonNullable<PluginInfo['cause']>, string>
