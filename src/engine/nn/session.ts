// What all parts of a run share: environment, position, control, streams to the page.
import { createRandom, type ExperimentConfig, type Random } from '#sdk'
import type { EventData } from '#protocol'
import { Turn } from '../turn.ts'
import type { RunEnvironment } from './environment.ts'
import { MetricFeed } from './metric-feed.ts'
import { ProgressMeter } from './progress-meter.ts'
import { RunControl } from './run-control.ts'

/** Longest time between two chances for messages to come in. */
const BREATH_MS = 16

export class Session {
  readonly control = new RunControl()
  /** Held by whoever uses the device. */
  readonly lock = new Turn()
  readonly random: Random
  readonly feed: MetricFeed
  readonly meter: ProgressMeter
  /** Steps done. */
  step = 0
  epoch = 0
  totalSteps = 0
  #lastBreath = 0

  constructor(
    readonly env: RunEnvironment,
    readonly experiment: ExperimentConfig,
    readonly id: string,
  ) {
    const now = () => env.now()
    this.random = createRandom(experiment.seed)
    this.feed = new MetricFeed(now, (points) => env.emit('run.metrics', { id, points }))
    this.meter = new ProgressMeter(now)
  }

  emitState(
    state: EventData<'run.state'>['state'],
    more: Partial<EventData<'run.state'>> = {},
  ): void {
    const { id, step, epoch, totalSteps } = this
    this.env.emit('run.state', { id, state, step, epoch, totalSteps, ...more })
  }

  /** Sends metrics and speed to the page when it is time, or at once. */
  report(isForced = false): void {
    if (isForced) this.feed.flush()
    else this.feed.tick()
    const speed = this.meter.report(isForced)
    if (!speed) return
    const { id, step, epoch, totalSteps, env } = this
    const remainingMs =
      speed.stepsPerSecond > 0 ? ((totalSteps - step) / speed.stepsPerSecond) * 1000 : undefined
    const memory = env.device.memory()
    env.emit('run.progress', { id, step, epoch, ...speed, remainingMs, ...memory })
  }

  /** Lets messages in, when the last time is long enough ago. */
  async breathe(): Promise<void> {
    if (this.env.now() - this.#lastBreath < BREATH_MS) return
    await this.env.breathe()
    this.#lastBreath = this.env.now()
  }
}
