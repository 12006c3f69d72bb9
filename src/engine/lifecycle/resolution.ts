// Which plugins come up, in which order, and why some cannot.
import type { FailureCause } from '#protocol'
import { builtinKinds, EngineError } from '#sdk'
import type { ProjectConfig } from '../config/index.ts'
import { capabilitiesOf } from '../registry/index.ts'
import type { Definition } from './definition.ts'
import { match, promises } from './requirements.ts'

export interface Problem {
  readonly cause: FailureCause
  readonly error: EngineError
}

export interface Resolution {
  /** Plugins that come up by themselves, dependencies first. */
  readonly order: readonly string[]
  /** The plugins each plugin stands on: it does not work without them. */
  readonly requirements: ReadonlyMap<string, readonly string[]>
  /** The plugins each plugin comes up after: those it stands on, and optional ones that are there. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>
  readonly problems: ReadonlyMap<string, readonly Problem[]>
}

/** Resolves requirements depth-first, in the order of `definitions`. */
export function resolve(
  definitions: ReadonlyMap<string, Definition>,
  { plugins, schedules, experiment }: ProjectConfig,
): Resolution {
  const all = [...definitions.values()]
  const isKind = (key: string): boolean =>
    Object.hasOwn(builtinKinds, key) ||
    all.some((definition) => promises(definition, `kind:${key}`))
  const needed = new Set(experiment ? capabilitiesOf(experiment, isKind) : [])
  const { categories } = plugins
  const isOwn = ({ isEnabled, origin, manifest }: Definition): boolean =>
    isEnabled !== false &&
    origin === 'workspace' &&
    (categories === undefined || categories.includes(manifest.category))
  // What a plugin of the workspace promises by name, no built-in one comes up for.
  for (const { manifest } of all.filter(isOwn))
    for (const capability of manifest.provides)
      if (capability.includes('/')) needed.delete(capability)
  const isRoot = (definition: Definition): boolean => {
    const { name, isEnabled, manifest } = definition
    if (isEnabled === false) return false
    if (isEnabled || Object.hasOwn(schedules.plugins, name) || isOwn(definition)) return true
    return manifest.provides.some((capability) => needed.has(capability))
  }

  const wanted = new Set(all.filter(isRoot).map(({ name }) => name))
  const problems = new Map<string, Problem[]>()
  const requirements = new Map<string, string[]>()
  const dependencies = new Map<string, string[]>()
  const report = (name: string, problem: Problem): void => {
    problems.set(name, [...(problems.get(name) ?? []), problem])
  }

  // `wanted` grows while it is walked: a set visits what is added to it.
  for (const name of wanted) {
    const by = definitions.get(name)!
    for (const [requirement, range] of Object.entries(requirementsOf(by))) {
      const { plugins: chosen, problem } = match(by, requirement, range, definitions, (other) =>
        wanted.has(other),
      )
      if (problem) report(name, { cause: 'dependency', error: problem })
      for (const other of chosen) wanted.add(other.name)
    }
  }
  // Matched once more now that all are known: a kind may be provided by a plugin that was found later.
  for (const name of wanted) {
    const by = definitions.get(name)!
    const isWanted = (other: string): boolean => wanted.has(other)
    const required = Object.entries(requirementsOf(by)).flatMap(
      ([requirement, range]) => match(by, requirement, range, definitions, isWanted).plugins,
    )
    requirements.set(name, otherNames(required, name))
    dependencies.set(name, otherNames(required, name))
    for (const other of by.manifest.conflicts.filter(isWanted)) {
      const against = definitions.get(other)!
      report(name, conflict(by, other, by))
      // Neither wins by order. One that declares the conflict too reports itself.
      if (!against.manifest.conflicts.includes(name)) report(other, conflict(by, other, against))
    }
  }
  // What is only optional comes up first where it can, and never closes a circle.
  for (const name of wanted) {
    const by = definitions.get(name)!
    const optional = Object.entries(by.manifest.optional).flatMap(
      ([requirement, range]) =>
        match(by, requirement, range, definitions, (other) => wanted.has(other)).plugins,
    )
    const before = dependencies.get(name)!
    for (const other of otherNames(optional, name)) {
      const isNew = wanted.has(other) && !before.includes(other)
      if (isNew && !leadsTo(name, other, dependencies)) before.push(other)
    }
  }
  const order = sort([...wanted], dependencies, (path) => {
    for (const name of path) report(name, cycle(definitions.get(name)!, path))
  })
  return { order, requirements, dependencies, problems }
}

const otherNames = (found: readonly Definition[], name: string): string[] =>
  [...new Set(found.map((other) => other.name))].filter((other) => other !== name)

/** Whether `goal` is among what `from` comes up after, directly or not. */
function leadsTo(
  goal: string,
  from: string,
  dependencies: ReadonlyMap<string, readonly string[]>,
): boolean {
  // A set visits what is added to it.
  const found = new Set([from])
  for (const name of found) for (const other of dependencies.get(name) ?? []) found.add(other)
  return found.has(goal)
}

function requirementsOf({ manifest }: Definition): Record<string, string> {
  return manifest.engine === undefined
    ? manifest.requires
    : { engine: manifest.engine, ...manifest.requires }
}

/** Depth-first along dependencies; calls `onCycle` with the members of each circle, in order. */
function sort(
  names: readonly string[],
  dependencies: ReadonlyMap<string, readonly string[]>,
  onCycle: (path: string[]) => void,
): string[] {
  const order = new Set<string>()
  const path: string[] = []
  const enter = (name: string): void => {
    if (order.has(name)) return
    if (path.includes(name)) return onCycle(path.slice(path.indexOf(name)))
    path.push(name)
    for (const other of dependencies.get(name) ?? []) enter(other)
    path.pop()
    order.add(name)
  }
  for (const name of names) enter(name)
  return [...order]
}

function conflict(by: Definition, other: string, reported: Definition): Problem {
  const error = new EngineError({
    code: 'plugin.conflict',
    plugin: reported.name,
    stage: 'validate',
    message: `${by.name} and ${other} cannot run side by side`,
    source: reported.source ?? by.source,
    hint: `disable one of them under plugins.use`,
  })
  return { cause: 'conflict', error }
}

function cycle(reported: Definition, path: readonly string[]): Problem {
  const error = new EngineError({
    code: 'plugin.cycle',
    plugin: reported.name,
    stage: 'validate',
    message: `plugins require each other in a circle: ${[...path, path[0]].join(' → ')}`,
    source: reported.source,
    hint: 'move what both need into a plugin of its own, or name one of them under `optional` instead of `requires`',
  })
  return { cause: 'dependency', error }
}
