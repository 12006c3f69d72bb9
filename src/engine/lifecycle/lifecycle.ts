// Brings the plugins of a project up and down, in the order of their dependencies.
import type { LifecycleStep } from '#protocol'
import { EngineError, errorInfo } from '#sdk'
import { nameHint } from '../nearest.ts'
import type { Turn } from '../turn.ts'
import type { Core } from './core.ts'
import type { Definition } from './definition.ts'
import type { Failure } from './failure.ts'
import { PluginUnit } from './plugin-unit.ts'
import type { OpenProject } from './project.ts'
import { checkPinned, checkRequirements, requirementError } from './step-rules.ts'
import { isAllowed } from './steps.ts'
import { offIn } from './switches.ts'

export interface LifecycleOptions {
  readonly core: Core
  readonly project: OpenProject
  /** Engine operations wait for each other in it. */
  readonly turn: Turn
  /** Whether the active run needs what the plugin contributed. */
  isPinned(name: string): boolean
}

export class Lifecycle {
  project: OpenProject
  /** One unit for each plugin that the project defines. */
  units = new Map<string, PluginUnit>()
  /** The epoch that schedules go by: that of the run, or of the last one; 0 before its first. */
  epoch = 0
  #asked: Promise<void> | undefined
  readonly #options: LifecycleOptions
  /** Failed ones that the active run still uses. */
  readonly #unreleased = new Set<PluginUnit>()

  constructor(options: LifecycleOptions) {
    this.#options = options
    this.project = options.project
  }

  /** True once code of any plugin is loaded. */
  get isUp(): boolean {
    return [...this.units.values()].some((unit) => unit.isUp || !unit.isReleased)
  }

  isPinned(name: string): boolean {
    return this.#options.isPinned(name)
  }

  /** A unit of its own for `definition`, and the news of it. */
  make(definition: Definition): PluginUnit {
    const { core } = this.#options
    const { config, locate } = this.project
    const unit = new PluginUnit({
      core,
      definition,
      locate,
      seed: config.experiment?.seed ?? 0,
      timeoutMs: config.plugins.timeout_ms,
      onQuarantine: (failed) => this.#takeDownDependents(failed),
    })
    this.units.set(definition.name, unit)
    return unit
  }

  /** Takes a project. Units that are not kept begin anew. */
  adopt(project: OpenProject, isKept: (unit: PluginUnit) => boolean = () => false): void {
    this.project = project
    for (const definition of project.definitions.values()) {
      const old = this.units.get(definition.name)
      if (old && isKept(old)) continue
      const unit = this.make(definition)
      if (old?.definition.fingerprint !== definition.fingerprint) this.announce(definition)
      else if (old.state !== unit.state) unit.announce()
    }
    for (const name of this.units.keys()) {
      if (project.definitions.has(name)) continue
      this.units.delete(name)
      this.#options.core.bus.emit('plugin.removed', { name })
    }
  }

  announce({ manifest, origin, file }: Definition): void {
    this.#options.core.bus.emit('plugin.discovered', { manifest, origin, file })
  }

  /** The plugin of a name. Throws `plugin.unknown`. */
  unit(name: string): PluginUnit {
    const found = this.units.get(name)
    if (found) return found
    throw new EngineError({
      code: 'plugin.unknown',
      message: `there is no plugin \`${name}\``,
      hint: nameHint(name, [...this.units.keys()]),
    })
  }

  /** Names of the plugins that `name` stands on. */
  requirements(name: string): readonly string[] {
    return this.project.resolution.requirements.get(name) ?? []
  }

  /**
   * Those that stand on any of `names`, directly or not; last in the order of starting first. With
   * `isOptionalToo`, also those that only come up after them.
   */
  dependents(names: ReadonlySet<string>, isOptionalToo = false): PluginUnit[] {
    const { order, requirements, dependencies } = this.project.resolution
    const links = isOptionalToo ? dependencies : requirements
    const found = new Set(names)
    for (const name of order) {
      if (links.get(name)?.some((other) => found.has(other))) found.add(name)
    }
    return this.startOrder()
      .filter(({ name }) => found.has(name) && !names.has(name))
      .toReversed()
  }

  /** All units, dependencies first. */
  startOrder(): PluginUnit[] {
    const names = new Set([...this.project.resolution.order, ...this.units.keys()])
    return [...names].flatMap((name) => this.units.get(name) ?? [])
  }

  /** Gives handlers of one priority the order of a fresh start, whatever was reloaded meanwhile. */
  sortHandlers(): void {
    for (const unit of this.startOrder()) unit.queueUp()
  }

  /** Failures of the plugins that the project wants up. */
  failures(): Failure[] {
    return this.project.resolution.order.flatMap((name) => {
      const { state, failure } = this.unit(name)
      return state === 'failed' && failure ? [failure] : []
    })
  }

  /** Plugins that the project keeps from working at present. */
  get off(): ReadonlySet<string> {
    return offIn(this.project, this.epoch)
  }

  /** The steps the project wants taken by themselves. */
  get automaticSteps(): LifecycleStep[] {
    const { auto_initialize: initialize, auto_start: start } = this.project.config.plugins
    return [
      'validate',
      'load',
      ...(initialize ? (['initialize', ...(start ? (['start'] as const) : [])] as const) : []),
    ]
  }

  /** Brings up what the project wants, and down what it no longer wants. Failures stay with their plugins. */
  async bringUp(): Promise<void> {
    const { order } = this.project.resolution
    const wanted = new Set(order)
    const unwanted = this.startOrder().filter(({ name, isUp }) => isUp && !wanted.has(name))
    await this.#takeDown(unwanted.filter(({ name }) => !this.isPinned(name)).toReversed())
    const { off } = this
    for (const unit of this.startOrder().toReversed())
      if (unit.state === 'running' && off.has(unit.name)) await this.attempt(unit, 'stop')
    for (const name of order) {
      const unit = this.unit(name)
      if ((unit.state !== 'failed' && unit.state !== 'cleaned') || this.isPinned(name)) continue
      await this.discard(unit)
      this.make(unit.definition)
    }
    for (const step of this.automaticSteps) {
      for (const name of order) {
        const unit = this.unit(name)
        // What a plugin throws is kept as its failure.
        if (step === 'start' && off.has(name)) continue
        if (isAllowed(step, unit.state)) await this.perform(unit, step).catch(() => undefined)
      }
    }
  }

  /** Initializes the plugins that promise a capability, where nothing that is up has it; a failure is theirs. */
  async bringUpFor(capability: string): Promise<void> {
    const having = this.startOrder().filter(({ definition }) =>
      definition.manifest.provides.includes(capability),
    )
    if (having.some(({ isUp }) => isUp)) return
    for (const unit of having.filter(({ definition }) => definition.isEnabled !== false))
      for (const step of ['validate', 'load', 'initialize'] as const)
        if (isAllowed(step, unit.state)) await this.perform(unit, step).catch(() => undefined)
  }

  async #takeDown(units: readonly PluginUnit[]): Promise<void> {
    for (const unit of units) {
      for (const step of ['stop', 'cleanup'] as const) {
        if (isAllowed(step, unit.state)) await this.perform(unit, step).catch(() => undefined)
      }
    }
  }

  /** One step that a user asked for. What stands on the plugin goes down before it. */
  async step(name: string, step: LifecycleStep): Promise<void> {
    let unit = this.unit(name)
    if (step === 'validate' && unit.state === 'cleaned') unit = this.make(unit.definition)
    if (step === 'stop' || step === 'cleanup') {
      for (const dependent of this.dependents(new Set([name]))) {
        for (const each of step === 'stop' ? (['stop'] as const) : (['stop', 'cleanup'] as const)) {
          if (isAllowed(each, dependent.state)) await this.perform(dependent, each)
        }
      }
    }
    await this.perform(unit, step)
  }

  /** A fresh unit of a plugin that is not up, brought to where the project wants it, after what it stands on. */
  async beginAnew(name: string): Promise<void> {
    const wanted = new Set(this.project.resolution.order)
    const again = new Set([name, ...this.#foundation(name)])
    for (const unit of this.startOrder().filter((each) => again.has(each.name) && !each.isUp)) {
      await this.discard(unit)
      this.make(unit.definition).announce()
    }
    const { off } = this
    for (const step of wanted.has(name) ? this.automaticSteps : (['validate'] as const)) {
      for (const unit of this.startOrder().filter((each) => again.has(each.name))) {
        if (step === 'start' && off.has(unit.name)) continue
        if (isAllowed(step, unit.state)) await this.perform(unit, step)
      }
    }
  }

  /** All that a plugin stands on, directly or not. */
  #foundation(name: string, found = new Set<string>()): ReadonlySet<string> {
    for (const other of this.requirements(name)) {
      if (found.has(other)) continue
      found.add(other)
      this.#foundation(other, found)
    }
    return found
  }

  /** Takes a step. On failure the plugin is released, and what stands on it fails too. */
  async perform(unit: PluginUnit, step: LifecycleStep): Promise<void> {
    try {
      const others = this.requirements(unit.name).flatMap((name) => this.units.get(name) ?? [])
      checkRequirements(unit, step, others)
      checkPinned(unit, step, this.isPinned(unit.name))
      await this.take(unit, step)
    } catch (thrown) {
      if (unit.state === 'failed' && step !== 'cleanup') this.#takeDownDependents(unit)
      if (unit.state === 'failed' && !this.isPinned(unit.name)) await this.discard(unit)
      throw thrown
    }
  }

  take(unit: PluginUnit, step: LifecycleStep): Promise<void> {
    if (step !== 'validate') return unit[step]()
    const problems = this.project.resolution.problems.get(unit.name) ?? []
    const isChecked = this.project.config.plugins.validate_on_load
    return unit.validate(isChecked ? problems : [])
  }

  /** Takes a step that nobody waits for. What goes wrong is the plugin's failure, or else told as an event. */
  async attempt(unit: PluginUnit, step: LifecycleStep): Promise<void> {
    try {
      await this.perform(unit, step)
    } catch (thrown) {
      if (unit.state !== 'failed') this.#tell(thrown, unit.name)
    }
  }

  /** Starts or stops a plugin for the plugin `by`, as soon as nothing else is under way. Throws `plugin.unknown`. */
  ask(name: string, step: 'start' | 'stop', by: string): void {
    this.unit(name)
    const asked = this.#options.turn.run(async () => {
      try {
        const isThere = step === 'start' && this.unit(name).state === 'running'
        if (!isThere) await this.step(name, step)
      } catch (thrown) {
        this.#tell(thrown, by)
      } finally {
        if (this.#asked === asked) this.#asked = undefined
      }
    })
    this.#asked = asked
  }

  /** Resolves when all that plugins asked for is done; `undefined` when it is. */
  get asked(): Promise<void> | undefined {
    return this.#asked
  }

  /** What stands on a failed plugin fails with it, last in the order of starting first. */
  #takeDownDependents(failed: PluginUnit): void {
    const down = this.dependents(new Set([failed.name])).filter(({ isUp }) => isUp)
    for (const unit of down) unit.fail('run', 'dependency', requirementError(unit, failed, 'run'))
    for (const unit of [...down, failed]) this.#unreleased.add(unit)
    void this.#options.turn.run(() => this.releaseFailed())
  }

  /** Releases failed plugins that no run uses. */
  async releaseFailed(): Promise<void> {
    for (const unit of this.#unreleased) {
      if (this.isPinned(unit.name)) continue
      await this.discard(unit)
    }
  }

  /** Releases a unit for good; what goes wrong is told as an event. */
  async discard(unit: PluginUnit): Promise<void> {
    this.#unreleased.delete(unit)
    try {
      await unit.release()
    } catch (thrown) {
      this.#tell(thrown, unit.name)
    }
  }

  #tell(thrown: unknown, plugin: string): void {
    this.#options.core.bus.emit('error.uncaught', { error: errorInfo(thrown) }, plugin)
  }
}
