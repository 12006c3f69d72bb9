// Builds components by reference: finds them, parses their config with located problems, checks the contract.
import {
  componentOf,
  type ComponentRef,
  EngineError,
  type EnvOf,
  type ExperimentConfig,
  type InstanceOf,
  type KindName,
} from '#sdk'
import { type Locate, parseConfig } from '../config/index.ts'
import { joined } from '../joined.ts'
import type { Blame } from '../modules/index.ts'
import { nameHint } from '../nearest.ts'
import { isThenable } from '../thenable.ts'
import {
  allComponentsOf,
  type ComponentPlace,
  componentsOf,
  configPathOf,
  pathOf,
} from './references.ts'
import { type Contribution, namesOf, type Registry } from './registry.ts'

export interface CreatorOptions {
  enter(plugin: string, stage: string): void
  locate(thrown: unknown, blame: Blame): EngineError
  /** Places of values in the project file. */
  place: Locate
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
    const known = [...new Set([...this.#registry.names(kind), ...this.#options.promised(kind)])]
    throw new EngineError({
      code: 'contribution.missing',
      message:
        name === undefined
          ? `no ${kind} is named, and there is no default one`
          : `there is no ${kind} \`${name}\``,
      source: this.#options.place(pathOf(within, kind, ref)),
      hint:
        name === undefined ? `name one of: ${known.join(', ') || '(none)'}` : nameHint(name, known),
    })
  }

  #parse(
    found: Contribution,
    kind: KindName,
    ref: ComponentRef | undefined,
    within: ComponentPlace,
  ) {
    const config = typeof ref === 'object' ? ref.config : {}
    return parseConfig(found.schema, config, {
      subject: `${kind} ${found.name}`,
      path: configPathOf(within, kind, ref),
      locate: this.#options.place,
      code: 'contribution.config',
      plugin: found.plugin,
    })
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
    const { value: config, problems } = this.#parse(found, kind, ref, within)
    if (problems) throw joined(problems)
    const stage = `create ${kind}/${found.name}`
    this.#options.enter(found.plugin, stage)
    this.#building.push({ value: config, path: configPathOf(within, kind, ref) })
    try {
      const instance = found.create(config, env)
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

  /** Every problem of the components an experiment names, without building any. */
  check(experiment: ExperimentConfig): EngineError[] {
    const problems = componentsOf(experiment).flatMap(({ kind, ref, path }) => {
      const within: ComponentPlace = { value: ref, path, isReference: true }
      try {
        return this.#parse(this.find(kind, ref, within), kind, ref, within).problems ?? []
      } catch (thrown) {
        return [this.#options.locate(thrown, { code: 'engine.internal' })]
      }
    })
    return [...problems, ...this.#exclusions(experiment)]
  }

  /** Components that the experiment names side by side, though one of them excludes the other. */
  #exclusions(experiment: ExperimentConfig): EngineError[] {
    const used = allComponentsOf(experiment, (key) => this.#registry.isKind(key)).flatMap(
      ({ kind, ref, path }) => {
        const found = this.#registry.find(kind, componentOf(ref).name)
        return found ? [{ found, path }] : []
      },
    )
    return used.flatMap(({ found, path }) => {
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
        source: this.#options.place(path),
        hint: 'take one of the two out of the experiment',
      })
      return [error]
    })
  }
}
