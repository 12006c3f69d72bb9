// The engine's run: one at a time, built from the open project.
import type { RunAction } from '#protocol'
import { EngineError, errorInfo } from '#sdk'
import type { Device, Host } from './host.ts'
import { joined } from './joined.ts'
import type { Core, Lifecycle } from './lifecycle/index.ts'
import { TrainingRun } from './nn/index.ts'
import type { TryOut } from './predict/index.ts'
import { prolonged, type RunBeginning } from './run-beginning.ts'
import { runEnvironment } from './run-environment.ts'
import type { Turn } from './turn.ts'

export interface RunSlotOptions {
  readonly core: Core
  readonly host: Host
  readonly turn: Turn
  /** Called when a run has ended. */
  onEnd(): void
}

export class RunSlot {
  readonly #options: RunSlotOptions
  #run: TrainingRun | undefined
  #count = 0

  constructor(options: RunSlotOptions) {
    this.#options = options
  }

  /** The run that has not ended. */
  get active(): TrainingRun | undefined {
    return this.#run?.isActive ? this.#run : undefined
  }

  /** The model of the run, or of the last one where it was kept; `undefined` when there is none. */
  get tryOut(): TryOut | undefined {
    return this.#run?.tryOut
  }

  /** Brings the project's plugins up and starts its experiment. Resolves with the run's id. */
  async start(
    lifecycle: Lifecycle,
    device: Device,
    { from, cause, moreEpochs, checkpointEveryMs, keepsModel = false }: RunBeginning = {},
  ): Promise<string> {
    if (this.active) {
      throw new EngineError({
        code: 'run.state',
        message: 'a run is active already, and an engine has one at a time',
        hint: 'stop it first',
      })
    }
    const { core, host, turn, onEnd } = this.#options
    const { config, locate } = lifecycle.project
    const { experiment: configured } = config
    if (!configured) {
      throw new EngineError({
        code: 'config.invalid',
        message: 'plugboard.yaml has no experiment to run',
        source: locate([]),
        hint: 'add `experiment:` with a dataset and a model',
      })
    }
    const experiment = from ? prolonged(configured, from, moreEpochs) : configured
    lifecycle.epoch = 0
    await lifecycle.bringUp()
    const failures = lifecycle.failures().flatMap((failure) => failure.problems)
    const problems = [...failures, ...core.creator.check(experiment)]
    if (problems.length > 0) throw joined(problems)

    const id = `run-${Math.floor(host.now()).toString(36)}-${++this.#count}`
    const surroundings = { core, lifecycle, host, turn, device, experiment, checkpointEveryMs }
    const run = new TrainingRun(runEnvironment(surroundings), experiment, id, {
      from,
      cause,
      keepsModel,
    })
    this.#run?.free()
    this.#run = run
    core.services.beginRun()
    for (const unit of lifecycle.units.values()) unit.beginRun(experiment.seed)
    lifecycle.sortHandlers()
    void run.start().then(async () => {
      for (const { plugin, thrown } of await core.services.endRun()) {
        const error = errorInfo(
          core.locate(thrown, { code: 'plugin.threw', plugin, stage: 'dispose' }),
        )
        core.bus.emit('error.uncaught', { error }, plugin)
      }
      onEnd()
    })
    return id
  }

  async control(action: RunAction): Promise<void> {
    const run = this.active
    if (!run) {
      throw new EngineError({
        code: 'run.state',
        message: `there is no active run to ${action}`,
        hint: 'start one first',
      })
    }
    await run[action]()
  }
}
