// Builds components by reference: finds them, parses their config with located problems, checks the contract.
import {
  componentOf,
  type ComponentRef,
  type CreatePart,
  EngineError,
  type EnvOf,
  type ExperimentConfig,
  type InstanceOf,
  type KindName,
  type SourceLocation,
} from '#sdk'
import { type Locate, parseConfig } from '../config/index.ts'
import { findings, type Found, type HookCaller } from '../hooks/index.ts'
import { joined } from '../joined.ts'
import type { Blame } from '../modules/index.ts'
import { nameHint } from '../nearest.ts'
import { isThenable } from '../thenable.ts'
import {
  allComponentsOf,
  type ComponentPlace,
  configPathOf,
  isWritten,
  pathOf,
} from './references.ts'
import { type Contribution, namesOf, type Registry } from './registry.ts'
import { type Written, writtenOf } from './written.ts'

/** What to do about a name that a manifest promises, though nothing of it is there. */
const PROMISED =
  'a plugin promises it, but has not provided it: see its state in the list of plugins, and whether plugins.use or plugins.auto_initialize keeps it down'

export interface CreatorOptions {
  enter(plugin: string, stage: string): void
  /** A sign of life: one component after another, each within the time limit, may together take longer. */
  beat(): void
  locate(thrown: unknown, blame: Blame): EngineError
  /** Places of values in the project file. */
  place: Locate
  hooks: Pick<HookCaller, 'collect'>
  /** Tells what is odd about a component, though it may be used. */
  warn(plugin: string, message: string): void
  /** Names of a kind that plugins promise in their manifests, whether they are up or not. */
  promised(kind: string): string[]
}

export class Creator {
  readonly #registry: Registry
  readonly #options: CreatorOptions
  /** Components being built now, innermost last: references in their config are located in it. */
  readonly #building: ComponentPlace[] = []

  constructor(registry: Registry, options: CreatorOptions) {
    this.#registry = registry
    this.#options = options
  }

  /** The contribution `ref` names. Throws `contribution.missing`, listing what there is. */
  find(kind: KindName, ref: ComponentRef | undefined, within: ComponentPlace): Contribution {
    this.#registry.contract(kind)
    const name = ref === undefined ? undefined : componentOf(ref).name
    const found = this.#registry.find(kind, name)
    if (found) return found
    const promised = this.#options.promised(kind)
    const known = [...new Set([...this.#registry.names(kind), ...promised])]
    throw new EngineError({
      code: 'contribution.missing',
      message:
        name === undefined
          ? `no ${kind} is named, and there is no default one`
          : `there is no ${kind} \`${name}\``,
      source: isWritten(within, ref) ? this.#nameOf(within, kind, ref) : undefined,
      hint:
        name === undefined
          ? `name one of: ${known.join(', ') || '(none)'}`
          : promised.includes(name)
            ? PROMISED
            : nameHint(name, known),
    })
  }

  /** Where the name of a component is written. */
  #nameOf(within: ComponentPlace, kind: KindName, ref: ComponentRef | undefined): SourceLocation {
    const path = pathOf(within, kind, ref)
    const { locate = this.#options.place, nameKey } = within
    return locate(nameKey === undefined ? path : [...path, nameKey])
  }

  /** The config, parsed by its schema and judged by whoever has something to say. */
  #parse(
    { kind, name, plugin, schema }: Contribution,
    ref: ComponentRef | undefined,
    within: ComponentPlace,
  ): { value?: unknown; problems?: EngineError[]; warnings: readonly Found[] } {
    const config = typeof ref === 'object' ? ref.config : {}
    const subject = `${kind} ${name}`
    const path = configPathOf(within, kind, ref)
    const { place, hooks } = this.#options
    const { locate = place } = within
    const code = 'contribution.config'
    const parsed = parseConfig(schema, config, { subject, path, locate, code, plugin })
    if (parsed.problems) return { problems: parsed.problems, warnings: [] }
    const args = { kind, name, plugin, config: parsed.value }
    const found = findings(hooks, 'onConfigCheck', args)
    const errors = found.filter(({ severity }) => severity === 'error')
    const warnings = found.filter(({ severity }) => severity === 'warning')
    if (errors.length === 0) return { value: parsed.value, warnings }
    const problems = errors.map(({ message, hint, plugin: by }) => {
      const text = `${by} about ${subject}: ${message}`
      return new EngineError({ code, message: text, source: locate(path), plugin: by, hint })
    })
    return { problems, warnings }
  }

  /** Every problem of a config for a component, whether the experiment names it or not. */
  validate(kind: KindName, name: string, config: Record<string, unknown>): EngineError[] {
    const ref = { name, config }
    const within: ComponentPlace = { value: ref, path: [], isReference: true }
    const found = this.find(kind, ref, within)
    const { problems = [] } = this.#parse(found, ref, within)
    // It is not written in the project file.
    for (const problem of problems) problem.source = undefined
    return problems
  }

  /** Builds a component. `outer` is the config that holds `ref`, unless another component is being built. */
  create<K extends KindName>(
    kind: K,
    ref: ComponentRef | undefined,
    env: EnvOf<K>,
    outer: ComponentPlace,
  ): InstanceOf<K> {
    const within = this.#building.at(-1) ?? outer
    const found = this.find(kind, ref, within)
    const { value: config, problems } = this.#parse(found, ref, within)
    if (problems) {
      if (!isWritten(within, ref)) for (const problem of problems) problem.source = undefined
      throw joined(problems)
    }
    const stage = `create ${kind}/${found.name}`
    this.#options.enter(found.plugin, stage)
    this.#options.beat()
    const path = configPathOf(within, kind, ref)
    const written = writtenOf(found.create)?.(config)
    this.#building.push(written ? placeOf(written) : { value: config, path, locate: within.locate })
    try {
      const create: CreatePart = (part, it, partEnv) => this.create(part, it, partEnv, outer)
      const instance = found.create(config, { create, ...env })
      this.#checkInstance(found, instance)
      return instance as InstanceOf<K>
    } catch (thrown) {
      throw this.#options.locate(thrown, { code: 'plugin.threw', plugin: found.plugin, stage })
    } finally {
      this.#building.pop()
    }
  }

  #checkInstance({ plugin, kind, name }: Contribution, instance: unknown): void {
    const { methods } = this.#registry.contract(kind)
    const missing = methods.filter((method) => typeof Object(instance)[method] !== 'function')
    if (missing.length === 0) return
    throw new EngineError({
      code: 'contribution.contract',
      plugin,
      message: isThenable(instance)
        ? `${plugin} creates ${kind}/${name} asynchronously, but creating is synchronous`
        : `${plugin} creates ${kind}/${name} without ${missing.map((method) => `${method}()`).join(', ')}`,
      hint: `every ${kind} must have ${methods.map((method) => `${method}()`).join(', ')}`,
    })
  }

  /** Every problem of the components an experiment and their configs name, without building any. */
  check(experiment: ExperimentConfig): EngineError[] {
    const all = allComponentsOf(experiment, (key) => this.#registry.isKind(key))
    const used: Used[] = []
    const problems = all.flatMap(({ kind, ref, path, isNested }) => {
      if (isNested && !this.#registry.find(kind, componentOf(ref).name)) return []
      return this.#checkOne(kind, ref, { value: ref, path, isReference: true }, used)
    })
    return [...problems, ...this.#exclusions(used)]
  }

  /** Every problem of a component, and of those that it is made of. Adds them to `used`. */
  #checkOne(
    kind: KindName,
    ref: ComponentRef,
    within: ComponentPlace,
    used: Used[],
    isPartial = false,
  ): EngineError[] {
    try {
      const found = this.find(kind, ref, within)
      used.push({ found, source: this.#nameOf(within, kind, ref) })
      if (isPartial) return []
      const { value, problems = [], warnings } = this.#parse(found, ref, within)
      for (const { message, plugin } of warnings)
        this.#options.warn(plugin, `${plugin} about ${kind} ${componentOf(ref).name}: ${message}`)
      const written = problems.length === 0 ? writtenOf(found.create)?.(value) : undefined
      const inner = written
        ?.components((key) => this.#registry.isKind(key))
        .flatMap(({ kind: each, ref: part, path, isNested, isPartial: isUnfinished }) => {
          if (!isNested) return this.#checkOne(each, part, placeOf(written), used, isUnfinished)
          if (!this.#registry.find(each, componentOf(part).name)) return []
          const at = { value: part, path, isReference: true, locate: written.locate }
          return this.#checkOne(each, part, at, used)
        })
      return [...problems, ...(inner ?? [])]
    } catch (thrown) {
      return [this.#options.locate(thrown, { code: 'engine.internal' })]
    }
  }

  /** Components that are used side by side, though one of them excludes the other. */
  #exclusions(used: readonly Used[]): EngineError[] {
    return used.flatMap(({ found, source }) => {
      const { kind, name, plugin, excludes } = found
      const other = used.find(
        (each) =>
          each.found !== found &&
          each.found.kind === kind &&
          namesOf(each.found).some((theirs) => excludes.includes(theirs)),
      )
      if (!other) return []
      const error = new EngineError({
        code: 'contribution.contract',
        plugin,
        message: `${kind} ${name} must not be used beside ${kind} ${other.found.name}, but the experiment names both`,
        source,
        hint: 'take one of the two out of the experiment',
      })
      return [error]
    })
  }
}

/** A component that an experiment uses, where it is named. */
interface Used {
  readonly found: Contribution
  readonly source: SourceLocation
}

const placeOf = ({ value, locate, nameKey }: Written): ComponentPlace => ({
  value,
  path: [],
  locate,
  nameKey,
})
