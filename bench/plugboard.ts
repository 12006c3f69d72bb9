// Competitor: this project's engine through its own door, with the built-in plugins and the whole run around each step.
import * as tf from '@tensorflow/tfjs'
import { createEngine, type Device, type Host } from '#engine'
import { type EngineEvent, isEngineEvent } from '#protocol'
import { builtinPlugins } from '#plugins'
import {
  errorInfo,
  type EventRecord,
  type HookArgs,
  parametersOf,
  plugin,
  type PluginClass,
  pluginSpec,
} from '#sdk'
import type { Competitor, Opened, Task, Weights } from './competitor.ts'
import { type Rows, SEED } from './data.ts'
import { benchHost } from './device.ts'
import type { MeasureRequest } from './report.ts'
import { type StageClock, stampsOf } from './stages.ts'
import { ADAM, type Shape } from './workloads.ts'

const CATEGORIES = ['model', 'head', 'layer', 'loss', 'optimizer']
/** Callbacks that many experiments have; with them the time of hooks means something. */
const CALLBACKS = ['gradient_clipping', 'logging']

const configOf = (shape: Shape): Record<string, unknown> => {
  if (shape.kind === 'mlp') return { hidden: shape.hidden }
  if (shape.kind === 'cnn') return { channels: shape.channels }
  const { layers, heads, width } = shape
  return shape.kind === 'gpt' ? { layers, heads, width } : { layers, heads, width, dropout: 0 }
}

/** Mean of the states, ReLU, linear; without dropout, which would be drawn otherwise by each competitor. */
const HEAD = { head: { name: 'classification', config: { dropout_rate: 0 } } }

/** Whether steps are compiled, as `device.compile` of a project has it. */
type Compile = 'auto' | 'off'

/** A project that trains without end and never validates. */
const projectOf = (shape: Shape, plugins: readonly string[], compile: Compile): string =>
  JSON.stringify({
    device: { compile },
    plugins: { use: Object.fromEntries(plugins.map((name) => [name, {}])) },
    experiment: {
      seed: SEED,
      dataset: 'bench_rows',
      model: { name: shape.kind, config: configOf(shape) },
      ...(shape.kind === 'encoder' && HEAD),
      training: {
        epochs: 1_000_000,
        batch_size: shape.batch,
        validate_every: 1_000_000_000,
        loss: 'cross_entropy',
        optimizer: {
          name: 'adam',
          config: {
            learning_rate: ADAM.rate,
            beta1: ADAM.beta1,
            beta2: ADAM.beta2,
            epsilon: ADAM.epsilon,
          },
        },
      },
    },
  })

const nameOf = (Plugin: PluginClass): string => pluginSpec(Plugin)?.manifest?.name ?? ''

type OnModel = (args: HookArgs<'onModelInit'>) => void

/** A plugin that gives the rows, and tells the model once it is built. */
const rowsPlugin = (rows: Rows, onModel: OnModel): PluginClass =>
  class extends plugin({
    manifest: {
      name: 'bench_rows',
      version: '1.0.0',
      category: 'dataset',
      description: 'Rows of the benchmark',
      provides: ['dataset/bench_rows'],
    },
  }) {
    initialize() {
      const load = () => Promise.resolve({ train: rows, validation: rows })
      this.ctx.provide('dataset', 'bench_rows', () => ({ load }))
    }
    onModelInit(args: HookArgs<'onModelInit'>) {
      onModel(args)
    }
  }

/** Follows a run by its events: losses, and the step it is paused at. */
class RunWatch {
  readonly #losses = new Map<number, number>()
  #waiting: { step: number; resolve(): void; reject(error: Error): void } | undefined

  readonly onEvent = (record: EventRecord): void => {
    if (isEngineEvent(record)) this.#take(record)
  }

  #take({ type, data }: EngineEvent): void {
    if (type === 'run.metrics')
      for (const { step, values } of data.points) this.#losses.set(step, values['loss']!)
    if (type === 'run.state' && data.state === 'paused' && data.step === this.#waiting?.step)
      this.#waiting.resolve()
    if (type === 'run.state' && data.state === 'ended')
      this.#waiting?.reject(new Error(`the run ended: ${data.message ?? data.reason}`))
    if (type === 'hook.failed' || type === 'error.uncaught')
      this.#waiting?.reject(new Error(data.error.message))
  }

  /** Resolves when the run is paused after `step`, with all losses told. */
  pausedAt(step: number): Promise<void> {
    return new Promise((resolve, reject) => (this.#waiting = { step, resolve, reject }))
  }

  /** Losses of the steps after `from` up to `to`. */
  takeLosses(from: number, to: number): number[] {
    return Array.from({ length: to - from }, (_, i) => {
      const loss = this.#losses.get(from + i + 1)
      if (loss === undefined) throw new Error(`the run told no loss of step ${from + i + 1}`)
      this.#losses.delete(from + i + 1)
      return loss
    })
  }
}

async function readWeights(parameters: ReadonlyMap<string, tf.Variable>): Promise<Weights> {
  const weights: Weights = new Map()
  for (const [path, variable] of parameters)
    weights.set(path, { values: await variable.data<'float32'>(), shape: variable.shape })
  return weights
}

export interface Beginning {
  device: Device
  host: Host
  compile: Compile
  /** Common callbacks take part then, and its plugins stamp each step. */
  clock?: StageClock
}

export async function openPlugboard(
  name: MeasureRequest['device'],
  compile: Compile,
): Promise<Opened> {
  const host = benchHost()
  const device = await host.openDevice(name)
  return {
    device: device.info,
    build: (task) => startPlugboard(task, { device, host, compile }),
  }
}

/** Builds the model on a device that is open, and pauses before the first step. */
export async function startPlugboard(
  { shape, rows }: Task,
  { device, host, compile, clock }: Beginning,
): Promise<Competitor> {
  let parameters = new Map<string, tf.Variable>()
  const watch = new RunWatch()
  const plugins = builtinPlugins.filter((Plugin) => {
    const category = pluginSpec(Plugin)?.manifest?.category
    return category !== undefined && CATEGORIES.includes(category)
  })
  const stamps = clock ? stampsOf(clock) : []
  const callbacks = clock
    ? builtinPlugins.filter((Plugin) => CALLBACKS.includes(nameOf(Plugin)))
    : []
  const used = [...stamps, ...callbacks].map(nameOf)
  const engine = createEngine({
    plugins: [
      ...plugins,
      ...callbacks,
      ...stamps,
      rowsPlugin(rows, ({ model }) => (parameters = parametersOf(model))),
    ],
    host: { ...host, openDevice: () => Promise.resolve(device) },
    onEvent: watch.onEvent,
  })
  await engine.boot({ device: device.info.backend })
  const { problems } = await engine.open({
    config: projectOf(shape, used, compile),
    modules: [],
    manifests: [],
    assets: [],
  })
  if (problems[0]) throw new Error(errorInfo(problems[0]).message)
  let step = 0
  const ready = watch.pausedAt(step)
  await engine.startRun()
  await engine.control('pause')
  await ready

  /** Values come only when everything sent before is done. */
  const settle = () => [...parameters.values()].at(-1)!.data()
  return {
    parameters: [...parameters.values()].reduce((sum, { size }) => sum + size, 0),
    async train(count) {
      const from = step
      step += count
      const paused = watch.pausedAt(step)
      for (let i = 0; i < count; i++) void engine.control('step')
      await paused
      await settle()
      return watch.takeLosses(from, step)
    },
    memory: () => {
      const { numTensors, numBytes } = tf.memory()
      return { tensors: numTensors, bytes: numBytes }
    },
    readWeights: () => readWeights(parameters),
    dispose: () => engine.control('stop'),
  }
}
