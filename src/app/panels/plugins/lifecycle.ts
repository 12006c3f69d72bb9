// Which lifecycle steps make sense in which state, and the words for both.
import type { LifecycleStep, PluginInfo, PluginState } from '#protocol'
import { nameOf } from '../../store/engine-slice.ts'

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

/** States in which a plugin has what another needs to take a step. */
const READY: Partial<Record<LifecycleStep, readonly PluginState[]>> = {
  initialize: ['initialized', 'running', 'stopped'],
  start: ['running'],
}

const statesOf = (step: LifecycleStep): readonly PluginState[] =>
  STEPS.find((each) => each.step === step)!.from

/** Why a step cannot be taken now, in words; `undefined` when it can. */
export function whyNot(
  step: LifecycleStep,
  plugin: PluginInfo,
  all: readonly PluginInfo[],
): string | undefined {
  const { state, dependencies } = plugin
  const name = nameOf(plugin)
  const from = statesOf(step)
  if (!from.includes(state)) {
    const next = state === 'failed' && step !== 'cleanup' ? '; clean it up first' : ''
    return `${name} is ${state}; this step begins at ${from.join(' or ')}${next}`
  }
  if (step === 'cleanup') {
    const pinned = [plugin, ...dependentsOf(name, all)].find(({ isPinned }) => isPinned)
    return pinned && `The run uses ${nameOf(pinned)}; stop the run first`
  }
  const late = all.find(
    (other) => dependencies.includes(nameOf(other)) && READY[step]?.includes(other.state) === false,
  )
  return late && `It requires ${nameOf(late)}, which is ${late.state}; ${step} that first`
}

/** Plugins that stand on `name`, directly or not, in the order of the list. */
export function dependentsOf(name: string, all: readonly PluginInfo[]): PluginInfo[] {
  const found = new Set([name])
  for (let before = 0; before < found.size;) {
    before = found.size
    for (const plugin of all)
      if (plugin.dependencies.some((other) => found.has(other))) found.add(nameOf(plugin))
  }
  return all.filter((plugin) => nameOf(plugin) !== name && found.has(nameOf(plugin)))
}

/** Plugins that `name` stands on, directly or not. */
export function foundationOf(name: string, all: readonly PluginInfo[]): PluginInfo[] {
  const found = new Set<string>()
  const visit = (each: string): void => {
    for (const other of all.find((plugin) => nameOf(plugin) === each)?.dependencies ?? []) {
      if (found.has(other)) continue
      found.add(other)
      visit(other)
    }
  }
  visit(name)
  return all.filter((plugin) => found.has(nameOf(plugin)))
}

const UP: readonly PluginState[] = ['loaded', 'initialized', 'running', 'stopped']

/** What the next step down does to others, to be said before it is taken. */
export function consequence(plugin: PluginInfo, all: readonly PluginInfo[]): string | undefined {
  const above = dependentsOf(nameOf(plugin), all)
  const running = above.filter(({ state }) => state === 'running').map(nameOf)
  const up = above.filter(({ state }) => UP.includes(state)).map(nameOf)
  if (plugin.state === 'running' && running.length > 0)
    return `Stopping it stops ${listed(running)} first, which ${stand(running)} on it.`
  if (plugin.state !== 'running' && UP.includes(plugin.state) && up.length > 0)
    return `Cleaning it up cleans up ${listed(up)} first, which ${stand(up)} on it.`
  return undefined
}

/** What happened to others from `before` to `now`; `undefined` when nothing did. */
export function effectOn(
  others: readonly string[],
  before: readonly PluginInfo[],
  now: readonly PluginInfo[],
): string | undefined {
  const stateIn = (all: readonly PluginInfo[], name: string) =>
    all.find((plugin) => nameOf(plugin) === name)?.state
  const changed = others
    .filter((name) => stateIn(before, name) !== stateIn(now, name))
    .map((name) => `${name} is ${stateIn(now, name) ?? 'gone'} now`)
  return changed.length > 0 ? `${listed(changed)}.` : undefined
}

const stand = ({ length }: readonly string[]): string => (length === 1 ? 'stands' : 'stand')

const words = new Intl.ListFormat('en')
const listed = (names: readonly string[]): string => words.format(names)
