// For unit tests: a run environment of inline parts, with everything that happened on record.
import * as tf from '@tensorflow/tfjs'
import {
  type ComponentRef,
  componentOf,
  EngineError,
  errorInfo,
  type ExperimentConfig,
  experimentSchema,
  type HookArgs,
  type HookHandler,
  type HookName,
  init,
  isEngineError,
  Module,
  type ModelEnv,
  type Optimizer,
  parameter,
  runHooks,
  type TensorMap,
  type z,
} from '#sdk'
import { type EventData, eventSchemas, type EventType } from '#protocol'
import type { HookCaller } from '../hooks/index.ts'
import type { Blame } from '../modules/index.ts'
import type { RunEnvironment } from '../nn/environment.ts'

// Config and environment are what the kind says; the tests know which.
type Factory = (config: never, env: never) => unknown
type Handlers = { [N in HookName]?: HookHandler<N> }

/** `y = 2a - b`, `rows` of them; column x is [a, b]. */
export function lineRows(rows: number) {
  const x = Float32Array.from({ length: rows * 2 }, (_, i) => Math.sin(i * 7.3))
  const y = Float32Array.from({ length: rows }, (_, i) => 2 * x[2 * i]! - x[2 * i + 1]!)
  return {
    length: rows,
    columns: {
      x: { type: 'number', data: x, shape: [2], dtype: 'float32' },
      y: { type: 'number', data: y, shape: [1], dtype: 'float32' },
    },
  } as const
}

/** x [n, 2] to prediction [n, 1], with dropout on x while training. */
export class Line extends Module {
  weight = parameter([2, 1], init.linear(2))
  bias = parameter([1], init.zeros())
  readonly dropout: number
  constructor(dropout = 0) {
    super()
    this.dropout = dropout
  }
  forward({ x }: TensorMap, ctx: Parameters<Module['forward']>[1]): TensorMap {
    let input = x!
    if (ctx.training && this.dropout > 0) {
      const keep = ctx.random.uniforms(input.size).map((u) => (u < this.dropout ? 0 : 1))
      input = input.mul(tf.tensor(keep, input.shape))
    }
    return { prediction: input.matMul(this.weight).add(this.bias) }
  }
}

/** Momentum, so that there is state to carry. */
export class Momentum implements Optimizer {
  readonly learningRate: number
  readonly #state = new Map<string, tf.Variable>()
  constructor(learningRate = 0.1) {
    this.learningRate = learningRate
  }
  update({ parameters, gradients, learningRate }: Parameters<Optimizer['update']>[0]): void {
    for (const [path, gradient] of gradients) {
      let velocity = this.#state.get(path)
      if (!velocity) {
        velocity = tf.variable(tf.zeros(gradient.shape), false)
        this.#state.set(path, velocity)
      }
      velocity.assign(velocity.mul(0.5).add(gradient))
      const variable = parameters.get(path)!
      variable.assign(variable.sub(velocity.mul(learningRate)))
    }
  }
  state(): Map<string, tf.Variable> {
    return this.#state
  }
  restore(state: Map<string, tf.Tensor>): void {
    for (const [path, value] of state)
      this.#state.set(
        path,
        tf.tidy(() => tf.variable(value.clone(), false)),
      )
  }
  dispose(): void {
    for (const variable of this.#state.values()) variable.dispose()
    this.#state.clear()
  }
}

export const squaredError = {
  compute: ({ outputs, batch }: { outputs: TensorMap; batch: TensorMap }) =>
    outputs['prediction']!.sub(batch['y']!).square().mean().asScalar(),
}

/** Parts of a run that works, by `kind/name`. */
const lineParts: Record<string, Factory> = {
  'dataset/line': () => ({ load: async () => lineRows(40) }),
  'model/line': (config: { dropout?: number }, _env: ModelEnv) => new Line(config.dropout),
  'optimizer/momentum': () => new Momentum(),
  'loss/squared_error': () => squaredError,
}

export class FakeEnvironment implements RunEnvironment {
  readonly events: { [T in EventType]: { type: T; data: EventData<T> } }[EventType][] = []
  readonly hookFailures: unknown[] = []
  parts: Record<string, Factory>
  handlers: Handlers = {}
  loseDevice!: (reason: string) => void
  now = (): number => Date.now()
  readonly values = {}
  readonly enterEpoch = (): Promise<void> => Promise.resolve()
  readonly switched = (): undefined => undefined

  constructor(parts: Record<string, Factory> = {}) {
    this.parts = { ...lineParts, ...parts }
  }

  readonly device = {
    memory: () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }),
    lost: new Promise<string>((resolve) => {
      this.loseDevice = resolve
    }),
  }

  readonly create: RunEnvironment['create'] = (kind, ref, env) => {
    const { name, config } = ref === undefined ? { name: 'default', config: {} } : componentOf(ref)
    const factory = this.parts[`${kind}/${name}`]
    if (!factory)
      throw new EngineError({ code: 'contribution.missing', message: `no ${kind}/${name}` })
    return factory(config as never, env as never) as never
  }

  /** A part `kind/name` belongs to plugin `name`. */
  ownerOf(_kind: string, ref: ComponentRef | undefined): string {
    return ref === undefined ? 'default' : componentOf(ref).name
  }

  readonly hooks: HookCaller = {
    each: <N extends HookName>(name: N, args: HookArgs<N>) => {
      try {
        const result = (this.handlers[name] as ((args: HookArgs<N>) => unknown) | undefined)?.(args)
        if (result instanceof Promise)
          return result.catch((thrown: unknown) => void this.hookFailures.push(thrown))
      } catch (thrown) {
        this.hookFailures.push(thrown)
      }
    },
    pipe: <N extends HookName>(name: N, args: HookArgs<N>): unknown => {
      const spec = runHooks[name]
      const handler = this.handlers[name] as ((args: HookArgs<N>) => unknown) | undefined
      return handler?.(args) ?? ('value' in spec ? args[spec.value as never] : undefined)
    },
    has: (name) => this.handlers[name] !== undefined,
  }

  emit<T extends EventType>(type: T, data: EventData<T>): void {
    const schema: z.ZodType = eventSchemas[type]
    schema.parse(structuredClone(data))
    this.events.push({ type, data } as never)
  }

  /** Data of the events of one type. */
  all<T extends EventType>(type: T): EventData<T>[] {
    return this.events
      .filter((event) => event.type === type)
      .map((event) => event.data as EventData<T>)
  }

  /** The values of one metric, in the order they were sent. */
  metric(name: string): number[] {
    return this.all('run.metrics')
      .flatMap(({ points }) => points)
      .map(({ values }) => values[name])
      .filter((value) => value !== undefined)
  }

  /** The record that a run ended with. */
  get ended(): EventData<'run.state'> | undefined {
    return this.all('run.state').find(({ state }) => state === 'ended')
  }

  asset(path: string): Promise<ArrayBuffer> {
    return Promise.reject(new EngineError({ code: 'asset.missing', message: path }))
  }

  breathe(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 0))
  }

  enter(): void {}

  /** Signs of life given. */
  beats = 0
  readonly beat = (): void => void this.beats++

  locate(thrown: unknown, where: Blame): EngineError {
    if (isEngineError(thrown)) {
      thrown.plugin ??= where.plugin
      thrown.stage ??= where.stage
      return thrown
    }
    return new EngineError({ ...where, message: errorInfo(thrown).message, cause: thrown })
  }
}

/** An experiment on the line parts; `training` and the rest may be overridden. */
export function lineExperiment({
  training,
  ...rest
}: Partial<z.input<typeof experimentSchema>> = {}): ExperimentConfig {
  return experimentSchema.parse({
    dataset: 'line',
    model: 'line',
    validation_split: 0.2,
    ...rest,
    training: {
      optimizer: 'momentum',
      loss: 'squared_error',
      epochs: 2,
      batch_size: 8,
      ...training,
    },
  })
}
