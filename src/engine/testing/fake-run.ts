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
  type HookOutcome,
  type HookSpec,
  isEngineError,
  type ModelEnv,
  builtinHooks,
  type z,
} from '#sdk'
import { type EventData, eventSchemas, type EventType } from '#protocol'
import type { PluginState } from '../checkpoint/index.ts'
import type { HookCaller } from '../hooks/index.ts'
import type { Blame } from '../modules/index.ts'
import type { RunEnvironment } from '../nn/environment.ts'
import { Profiler } from '../profile/index.ts'
import { Logs } from '../services/index.ts'
import {
  Line,
  lineExperiment as lineSettings,
  lineRows,
  Momentum,
  squaredError,
} from '../testkit/line.ts'

// Config and environment are what the kind says; the tests know which.
type Factory = (config: never, env: never) => unknown
type Handlers = { [N in HookName]?: HookHandler<N> }

export { Line, lineRows, Momentum, squaredError }

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
  readonly compile = 'auto'
  now = (): number => Date.now()
  readonly values = {}
  readonly enterEpoch = (): Promise<void> => Promise.resolve()
  readonly switched = (): undefined => undefined
  /** Files of checkpoints by name; what plugins captured is `pluginStates`. */
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>()
  pluginStates: Record<string, PluginState> = {}
  readonly plugins = {
    capture: async () => this.pluginStates,
    restore: async (states: Readonly<Record<string, PluginState>>) => {
      this.pluginStates = { ...states }
    },
  }
  readonly checkpoints: RunEnvironment['checkpoints'] = {
    isTaken: () => true,
    keep: ({ name }, file) => void this.files.set(name, file),
    remove: (_run, name) => void this.files.delete(name),
  }

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

  /** Columns of text by the preprocessor that reads them. */
  tokenized: Record<string, readonly string[]> = {}
  readonly reading: RunEnvironment['reading'] = (ref) => {
    const { name, config } = componentOf(ref)
    return { settings: config, tokenized: this.tokenized[name] }
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
    pipe: <N extends HookName>(name: N, args: HookArgs<N>) => {
      const { value } = (builtinHooks as Partial<Record<string, HookSpec>>)[name]!
      const handler = this.handlers[name] as ((args: HookArgs<N>) => unknown) | undefined
      return (handler?.(args) ?? args[value as keyof HookArgs<N>]) as HookOutcome<N>
    },
    collect: <N extends HookName>() => [] as unknown as HookOutcome<N>,
    around: (_name, _args, work) => work(),
    has: (name) => this.handlers[name] !== undefined,
  }

  readonly profiler = new Profiler({ emit: (type, data) => this.emit(type, data) })

  emit<T extends EventType>(type: T, data: EventData<T>): void {
    const schema: z.ZodType = eventSchemas[type]
    schema.parse(structuredClone(data))
    this.events.push({ type, data } as never)
  }

  readonly log: RunEnvironment['log'] = (plugin) => {
    const logging = { level: 'debug' as const, plugins: {} }
    return new Logs(
      this,
      () => logging,
      () => undefined,
    ).of(plugin)
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

  readonly stepCode: RunEnvironment['stepCode'] = () => ({
    modules: [],
    modulesOf: () => [],
    plugins: [],
    contexts: [],
    services: () => [],
    handlers: () => Object.values(this.handlers),
    placeOf: () => undefined,
  })
  readonly countCalls = () => () => () => undefined
  readonly callers = () => []
  readonly placesIn = () => []
  readonly write = (line: EventData<'log'>): void => this.emit('log', line)

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

/** An experiment on the line parts, two epochs; `training` and the rest may be overridden. */
export function lineExperiment({
  training,
  ...rest
}: Partial<z.input<typeof experimentSchema>> = {}): ExperimentConfig {
  const parts = lineSettings({
    ...rest,
    training: { loss: 'squared_error', epochs: 2, ...training },
  })
  return experimentSchema.parse(parts)
}
