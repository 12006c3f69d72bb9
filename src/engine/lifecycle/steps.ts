// The states of a plugin and the steps between them.
import type { LifecycleStep, PluginState } from '#protocol'
import { EngineError } from '#sdk'

interface StepRule {
  readonly from: readonly PluginState[]
  readonly to: PluginState
}

const rules: Readonly<Record<LifecycleStep, StepRule>> = {
  validate: { from: ['discovered'], to: 'validated' },
  load: { from: ['validated'], to: 'loaded' },
  initialize: { from: ['loaded'], to: 'initialized' },
  start: { from: ['initialized', 'stopped'], to: 'running' },
  stop: { from: ['running'], to: 'stopped' },
  cleanup: { from: ['loaded', 'initialized', 'stopped', 'failed'], to: 'cleaned' },
}

/** Steps that do nothing when they are repeated. */
const repeatable: ReadonlySet<LifecycleStep> = new Set(['stop', 'cleanup'])

export const isAllowed = (step: LifecycleStep, state: PluginState): boolean =>
  rules[step].from.includes(state)

/** The state a step leads to, or `undefined` when there is nothing to do. Throws `lifecycle.transition`. */
export function targetOf(
  step: LifecycleStep,
  state: PluginState,
  plugin: string,
): PluginState | undefined {
  const { from, to } = rules[step]
  if (from.includes(state)) return to
  if (state === to && repeatable.has(step)) return undefined
  throw new EngineError({
    code: 'lifecycle.transition',
    plugin,
    stage: step,
    message: `${plugin} is ${state} and cannot ${step}: that is possible when it is ${from.join(' or ')}`,
    hint:
      state === 'failed'
        ? 'clean it up; after that it can be validated and loaded anew'
        : undefined,
  })
}
