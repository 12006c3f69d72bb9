// One run from its experiment to its end: states, control, failure, clean-up.
import * as tf from '@tensorflow/tfjs'
import { MAX_TEXT, type ModelGraph } from '#protocol'
import { EngineError, errorInfo, type ExperimentConfig, isEngineError, parameterCount } from '#sdk'
import { prepareData, type PreparedData } from '../data/index.ts'
import { TryOut } from '../predict/index.ts'
import type { RunEnvironment } from './environment.ts'
import { type Checkpoint, checkSameExperiment } from '../checkpoint/index.ts'
import { Course } from './course.ts'
import { readInitial } from './initial-weights.ts'
import { describeModel } from './describe-model.ts'
import { type Ending, INTERRUPTED } from './run-control.ts'
import { sampleOf } from './sketch.ts'
import { Saves } from './saves.ts'
import { Session } from './session.ts'
import { hasOtherRows, subjectOf } from './snapshot.ts'
import { Trainer } from './trainer.ts'

/** Longest time from the failure of a call to the word that the device is gone. */
const GRACE_MS = 250
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Most parameters that `run.begin` lists; the count is always whole. */
const MAX_LISTED = 5000

export interface RunStart {
  readonly from?: Checkpoint | undefined
  /** Why it goes on from there without being asked to. */
  readonly cause?: string | undefined
  readonly keepsModel?: boolean
}

export class TrainingRun {
  readonly #session: Session
  #state: 'new' | 'preparing' | 'training' | 'ended' = 'new'
  #data: PreparedData | undefined
  #trainer: Trainer | undefined
  readonly #saves: Saves
  readonly #from: Checkpoint | undefined
  readonly #cause: string | undefined
  readonly #keepsModel: boolean
  #tryOut: TryOut | undefined
  #freeModel: (() => void) | undefined
  #ended: Promise<void> = Promise.resolve()

  /** A new run, or one that goes on from a checkpoint. With `keepsModel`, `free` is to be called after its end. */
  constructor(
    env: RunEnvironment,
    experiment: ExperimentConfig,
    id: string,
    { from, cause, keepsModel = false }: RunStart = {},
  ) {
    this.#session = new Session(env, experiment, id)
    this.#saves = new Saves({ ...env.checkpoints, now: () => env.now() })
    this.#from = from
    this.#cause = cause
    this.#keepsModel = keepsModel
  }

  /** Its model, to be used; `undefined` before it is built and when it is gone. */
  get tryOut(): TryOut | undefined {
    return this.#tryOut?.source && this.#tryOut
  }

  /** Frees the model that was kept after the end. */
  free(): void {
    if (this.#tryOut) this.#tryOut.source = undefined
    this.#freeModel?.()
    this.#freeModel = undefined
  }

  /** Plugins whose contributions the run uses; they must live until it ends. */
  get plugins(): ReadonlySet<string> {
    return new Set([...(this.#data?.plugins ?? []), ...(this.#trainer?.plugins ?? [])])
  }

  /** Whether it needs what the plugin contributed. While it prepares, it may come to need that of any. */
  needs(plugin: string): boolean {
    return this.#state === 'preparing' || (this.isActive && this.plugins.has(plugin))
  }

  /** Steps done; `undefined` before training begins. */
  get position(): number | undefined {
    return this.#state === 'training' ? this.#session.step : undefined
  }

  get isActive(): boolean {
    return this.#state !== 'new' && this.#state !== 'ended'
  }

  /** Prepares and trains. Resolves when the run has ended; a failure is told by `run.state`, never thrown. */
  start(): Promise<void> {
    if (this.#state !== 'new') {
      throw new EngineError({
        code: 'run.state',
        message: `run ${this.#session.id} was started before`,
        hint: 'make a new run',
      })
    }
    this.#state = 'preparing'
    this.#ended = this.#live()
    return this.#ended
  }

  pause(): void {
    this.#session.control.pause()
  }

  resume(): void {
    this.#session.control.resume()
  }

  /** One step, then pause. */
  step(): void {
    this.#session.control.step()
  }

  /** Takes a checkpoint at the next step boundary; a paused run is at one. */
  checkpoint(): void {
    this.#saves.askHere()
    this.#session.control.wake()
  }

  /** Ends the run after the step, or the piece of preparation, that is under way. Resolves when all is freed. */
  stop(): Promise<void> {
    this.#session.control.end({ reason: 'stopped' })
    return this.#ended
  }

  get experiment(): ExperimentConfig {
    return this.#session.experiment
  }

  /** Its model, for drawings; `undefined` when it ended before there was one. */
  describe(): Promise<Omit<ModelGraph, 'name'> | undefined> {
    return this.#session.lock.run(async () => {
      if (!this.#trainer || !this.#data) return undefined
      const { model } = this.#trainer.run
      const { columns, batch } = sampleOf(this.#data)
      return tf.tidy(() => ({ columns, ...describeModel(model, batch(), this.#session.env.beat) }))
    })
  }

  /** Ends the run at once, for what went wrong around it. */
  fail(error: EngineError): void {
    this.#session.control.end({ reason: 'failed', error })
  }

  /** Runs `change` between two steps, at once when paused; training waits for it. */
  atBoundary<T>(change: () => Promise<T>): Promise<T> {
    return this.#session.lock.run(change)
  }

  /**
   * Call inside of `atBoundary`. Builds anew what came from contributions of `plugins`: a model keeps its
   * weights by path and shape, an optimizer its state. Throws and changes nothing when that fails. Data and
   * what prepared it stay as they are until the run ends.
   */
  prepareSwap(plugins: ReadonlySet<string>): {
    rebuiltModel: boolean
    commit: () => void
    rollback: () => void
  } {
    if (!this.#trainer) return { rebuiltModel: false, commit: () => {}, rollback: () => {} }
    const { rebuiltModel, commit, discardNew } = this.#trainer.prepareSwap(plugins)
    return { rebuiltModel, commit, rollback: discardNew }
  }

  async #live(): Promise<void> {
    const { env, control, lock } = this.#session
    void env.device.lost.then((reason) => control.end(deviceLost(reason)))
    try {
      const trainer = await lock.run(() => this.#prepare())
      this.#state = 'training'
      this.#session.emitState('running')
      await new Course(this.#session, this.#data!, trainer, this.#saves).train(this.#from)
      control.end({ reason: 'finished' })
    } catch (thrown) {
      if (thrown !== INTERRUPTED) {
        // A device that goes away makes calls fail before it says so. What we threw ourselves has another cause.
        if (isEngineError(thrown)) await env.breathe()
        else await Promise.race([env.device.lost, pause(GRACE_MS)])
        control.end(failed(env, thrown))
      }
    }
    await this.#end(control.ending!)
  }

  async #prepare(): Promise<Trainer> {
    const { env, experiment, random, control } = this.#session
    const until = <T>(work: Promise<T>) => control.until(work, true)
    const announce = async (activity: string) => {
      this.#session.emitState('preparing', { activity })
      await until(env.breathe())
    }
    const { signal } = control
    const from = this.#from
    const changes = from && checkSameExperiment(experiment, from.run.experiment, subjectOf(from))
    if (changes?.length) env.log().info(`goes on with other settings: ${changes.join('; ')}`)
    const initial = from ? undefined : await until(readInitial(experiment, env))
    const saved = from ? from.run : initial?.saved
    const preparation = { env, random, signal, announce, until, saved }
    this.#data = await prepareData(experiment, preparation)
    if (from && hasOtherRows(this.#data, from.run)) {
      env
        .log()
        .warn(
          `rows of the data have other values than when ${subjectOf(from)} was taken: the run goes on with them, and will not reach what it would have reached`,
        )
    }
    await announce('building the model')
    const trainer = new Trainer(this.#session, this.#data, {
      from,
      begin: (model) => initial?.begin(model),
      checkpoint: (name) => this.#saves.ask(name),
    })
    this.#trainer = trainer
    await announce('trying the model on a batch')
    trainer.rehearse()
    this.#begin(this.#data, trainer)
    this.#tryOut = new TryOut(this.#session, this.#data)
    this.#tryOut.source = trainer
    return trainer
  }

  #begin(data: PreparedData, trainer: Trainer): void {
    const { env, experiment, id, totalSteps } = this.#session
    const { batchSize, stepsPerEpoch } = trainer.plan
    const { info } = this.#from ?? {}
    const cause = this.#cause
    const resumed = info && { id: info.run, step: info.step, ...(cause !== undefined && { cause }) }
    if (resumed && cause !== undefined)
      env.log().warn(`goes on by itself from step ${resumed.step}: ${cause}`)
    const parameters = [...trainer.parameters].slice(0, MAX_LISTED)
    env.emit('run.begin', {
      id,
      name: experiment.name,
      seed: experiment.seed,
      config: experiment,
      parameters: parameters.map(([path, variable]) => ({ path, shape: variable.shape })),
      parameterCount: parameterCount(trainer.run.model),
      trainRows: data.train.length,
      validationRows: data.validation.length,
      batchSize,
      totalSteps,
      stepsPerEpoch,
      ...(resumed && { resumed }),
    })
  }

  async #end({ reason, message, error }: Ending): Promise<void> {
    const { env, lock } = this.#session
    const trainer = this.#trainer
    env.profiler.endRun()
    if (trainer && this.#state !== 'preparing') {
      this.#session.feed.flush()
      const metrics = { ...trainer.books.latest }
      await env.hooks.each('onTrainEnd', { run: trainer.run, metrics, reason })
    }
    if (trainer) {
      this.#session.report(true)
      await lock.run(async () => {
        this.#trainer = undefined
        const isLost = error?.code === 'device.lost'
        if (this.#tryOut) this.#tryOut.source = { forward: trainer.forward }
        this.#freeModel = await trainer.retire(isLost)
        if (isLost || !this.#keepsModel) this.free()
      })
    }
    this.#data = undefined
    this.#state = 'ended'
    const info = error && errorInfo(error)
    this.#session.emitState('ended', {
      reason,
      message: (message ?? info?.message)?.slice(0, MAX_TEXT),
      error: info,
    })
  }
}

/** What engines say when there is no room for an array. */
const NO_ROOM = /allocation failed|out of memory|invalid (typed )?array (buffer )?length/i

function failed(env: RunEnvironment, thrown: unknown): Ending {
  if (thrown instanceof RangeError && NO_ROOM.test(thrown.message))
    return { reason: 'failed', error: outOfMemory(thrown) }
  const error = isEngineError(thrown) ? thrown : env.locate(thrown, { code: 'run.failed' })
  return { reason: 'failed', error }
}

const outOfMemory = (cause: RangeError): EngineError =>
  new EngineError({
    code: 'device.memory',
    message: `there was no memory left for the run: ${cause.message}`,
    hint: 'make the batch, the context or the model smaller; the run can go on from its last checkpoint',
    cause,
  })

function deviceLost(reason: string): Ending {
  const error = new EngineError({
    code: 'device.lost',
    message: `the device that the run trained on is gone (${reason}); its weights went with it`,
    hint: 'go on from the last checkpoint, or start again; if it happens again, close other pages that use the GPU, or take a smaller model or batch',
  })
  return { reason: 'failed', error }
}
