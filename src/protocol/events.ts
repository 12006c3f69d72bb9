// Events from engine to page: schemas of the built-in ones, and the check that every record passes.
import {
  type DeviceInfo,
  type Measured,
  type ErrorInfo,
  type EventRecord,
  logLevels,
  manifestSchema,
  panelContentSchema,
  panelSpecSchema,
  type ValueIssue,
  z,
} from '#sdk'

/** Longest text and longest name that the page takes of an engine. */
export const MAX_TEXT = 20_000
export const MAX_NAME = 300
/** Most levels of data that plugins send; the sandbox takes a few more, for what carries them. */
export const MAX_DEPTH = 30

const text = z.string().max(MAX_TEXT)
const name = z.string().max(MAX_NAME)
const count = z.number()

export const sourceSchema = z.object({ file: name, line: count, column: count })

const issueSchema: z.ZodType<ValueIssue> = z.object({
  path: z.array(z.union([name, count])).max(100),
  message: text,
  hint: text.optional(),
})

export const errorSchema: z.ZodType<ErrorInfo> = z.lazy(() =>
  z.object({
    code: name as unknown as z.ZodType<ErrorInfo['code']>,
    message: text,
    plugin: name.optional(),
    stage: name.optional(),
    hook: name.optional(),
    source: sourceSchema.optional(),
    hint: text.optional(),
    frames: z.array(sourceSchema.extend({ name })).max(100).optional(),
    issues: z.array(issueSchema).max(100).optional(),
    cause: errorSchema.optional(),
  }),
)

export const pluginStates = [
  'discovered',
  'validated',
  'loaded',
  'initialized',
  'running',
  'stopped',
  'cleaned',
  'failed',
] as const
export type PluginState = (typeof pluginStates)[number]

export const failureCauses = ['threw', 'timeout', 'dependency', 'conflict', 'quarantined'] as const
export type FailureCause = (typeof failureCauses)[number]

export const runStates = ['preparing', 'running', 'paused', 'ended'] as const
export type RunState = (typeof runStates)[number]

/** Parts of a training step, in order; the time of hooks is told apart within them. */
export const stepPhases = [
  'data',
  'forward',
  'backward',
  'metrics',
  'optimizer',
  'read-back',
] as const
export type StepPhase = (typeof stepPhases)[number]

/** Work of a run that is done again and again, and is compiled where the device can do that. */
const compiledWork = ['step', 'validation'] as const

/** Most pieces of one piece of work that are told of. */
export const MAX_PIECES = 1000

/** What was compiled in one go, or runs kernel by kernel: then it has no program. */
const pieceSchema = z.object({
  /** Kernels of tfjs that it calls. */
  kernels: count,
  program: z
    .object({
      launches: count,
      /** Launches of equal code share one. */
      pipelines: count,
      /** Not known of a program that ran before its pipelines were there. */
      compileMs: count.optional(),
      /** Memory of values within it, which all programs share. */
      arenaBytes: count,
      /** Where large values may be stored in 16 bits: how many are, and what `arenaBytes` would be if none were. */
      mixed: z.object({ values: count, wholeBytes: count }).optional(),
      /** Parameters and what belongs to them, side by side. */
      packBytes: count,
      /** What is sent to the device each time. */
      uploadBytes: count,
    })
    .optional(),
})

const compileReasonSchema = z.object({
  /**
   * A tensor is read; a kernel has no compiled form; the calls are others each time; the compiler or the device refused
   * it; parameters are updated one by one; it is not compiled, so values that could be stored in 16 bits are not.
   */
  kind: z.enum(['read', 'kernel', 'changing', 'refused', 'unpacked', 'float32']),
  message: text,
  /** The line of the workspace that it is about. */
  source: sourceSchema.optional(),
})

/** Most reasons why steps' code runs that are told. */
export const MAX_REPEAT_REASONS = 8

const repeatsSchema = z.object({
  /** Steps since the run's parts were made, and those of them that ran without their JavaScript. */
  steps: count,
  repeated: count,
  /** Why the code of others ran; that of the first few always does. */
  reasons: z
    .array(
      z.object({
        /**
         * The step reads or does what differs from step to step; it reaches state that cannot be seen, or state that has
         * changed; it does more than to compute; it is not one program, as the reasons of the work tell.
         */
        kind: z.enum(['reads', 'unseen', 'changed', 'does', 'parts']),
        message: text,
        source: sourceSchema.optional(),
        /** Steps that it is the reason for. */
        steps: count,
      }),
    )
    .max(MAX_REPEAT_REASONS),
})

const metricValues = z.record(name, z.number())

/** Of a device; for the next engine on the same adapter. */
export const measuredSchema = z.object({
  adapter: name,
  products: name,
}) satisfies z.ZodType<Measured>

export const deviceSchema = z.object({
  backend: z.enum(['webgpu', 'webgl', 'wasm', 'cpu']),
  label: name,
  reason: text,
  isSoftware: z.boolean(),
  features: z.array(name).max(100),
  measured: measuredSchema.optional(),
}) satisfies z.ZodType<DeviceInfo>

export const testReportSchema = z.object({
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  durationMs: z.number(),
  /** `stopTests` ended them: those that it kept from ending count nowhere. */
  isStopped: z.boolean(),
})

/** Data of each built-in event. */
export const eventSchemas = {
  /** The device is up. */
  'device.ready': deviceSchema,
  /** The device is gone; the run has ended. */
  'device.lost': z.object({ error: errorSchema }),
  /** A manifest was read. */
  'plugin.discovered': z.object({
    manifest: manifestSchema,
    origin: z.enum(['builtin', 'workspace']),
    file: name.optional(),
  }),
  /** A plugin reached a state; `durationMs` is the time the transition took. */
  'plugin.state': z.object({
    name,
    state: z.enum(pluginStates),
    durationMs: count.optional(),
    stage: name.optional(),
    cause: z.enum(failureCauses).optional(),
    error: errorSchema.optional(),
  }),
  /** A plugin is gone from the project. */
  'plugin.removed': z.object({ name }),
  /** New versions took over; a run that was on went on with them. */
  'plugin.reloaded': z.object({
    names: z.array(name),
    durationMs: count,
    rebuiltModel: z.boolean(),
  }),
  /** The versions before go on. */
  'plugin.reload_failed': z.object({ names: z.array(name), durationMs: count, error: errorSchema }),
  'hook.failed': z.object({
    plugin: name,
    hook: name,
    failures: count,
    isQuarantined: z.boolean(),
    error: errorSchema,
  }),
  /** A handler took over 100 ms, and twice as long as any time before that was told. */
  'hook.slow': z.object({ plugin: name, hook: name, durationMs: count }),
  /** A method of a plugin was run by `call`; `by` is the plugin that asked for it. */
  'method.called': z.object({ plugin: name, method: name, durationMs: count, by: name.optional() }),
  'method.failed': z.object({
    plugin: name,
    method: name,
    durationMs: count,
    by: name.optional(),
    error: errorSchema,
  }),
  /** A plugin offers a service: one, or one for each run. */
  'service.provided': z.object({ name, lifetime: z.enum(['singleton', 'run']) }),
  'service.removed': z.object({ name }),
  /** A plugin left data for the user, or added to it; `EngineApi.artefact` reads it. */
  'artefact.saved': z.object({ name, type: name, sizeBytes: count }),
  'artefact.removed': z.object({ name }),
  log: z.object({
    level: z.enum(logLevels),
    message: text,
    fields: z.record(name, z.unknown()).optional(),
    /** Where the plugin wrote it; not known of each line where they come by hundreds a second. */
    source: sourceSchema.optional(),
  }),
  /** Something threw where nobody waited for it. */
  'error.uncaught': z.object({ error: errorSchema }),
  'run.state': z.object({
    id: name,
    state: z.enum(runStates),
    step: count,
    epoch: count,
    totalSteps: count,
    /** What preparation is doing, in words. */
    activity: text.optional(),
    reason: z.enum(['finished', 'stopped', 'early_stopped', 'failed']).optional(),
    message: text.optional(),
    error: errorSchema.optional(),
  }),
  /** The model is built and training starts. */
  'run.begin': z.object({
    id: name,
    name,
    seed: count,
    config: z.unknown(),
    parameters: z.array(z.object({ path: name, shape: z.array(count) })).max(5000),
    parameterCount: count,
    trainRows: count,
    validationRows: count,
    batchSize: count,
    totalSteps: count,
    stepsPerEpoch: count,
    /** The run that it goes on with, the steps of it that were done, and why, where nobody asked for it. */
    resumed: z.object({ id: name, step: count, cause: text.optional() }).optional(),
  }),
  /** Points in order; several values of one step may come in several points. */
  'run.metrics': z.object({
    id: name,
    points: z
      .array(z.object({ step: count, epoch: count, time: count, values: metricValues }))
      .max(5000),
  }),
  /**
   * A checkpoint of a run was taken, in place of an earlier one of its name; `EngineApi.checkpoint` reads its file
   * by `key`.
   */
  'run.checkpoint': z.object({
    id: name,
    key: count,
    name,
    path: name,
    epoch: count,
    step: count,
    metrics: metricValues,
    sizeBytes: count,
    /** The run took it by itself. */
    isAutomatic: z.boolean(),
  }),
  'run.checkpoint_removed': z.object({ id: name, name }),
  'run.reference': z.object({ id: name, metric: name, label: name, value: count }),
  'run.progress': z.object({
    id: name,
    step: count,
    epoch: count,
    stepsPerSecond: count,
    examplesPerSecond: count,
    remainingMs: count.optional(),
    tensors: count,
    bytes: count,
    /** Memory of the graphics processor that is taken, where it is known. */
    gpuBytes: count.optional(),
  }),
  /**
   * How work of a run was done last, where the device compiles it: whenever that is other than before. Where it does
   * not, once, if the run asks for what only compiled steps have.
   */
  'run.compiled': z.object({
    id: name,
    work: z.enum(compiledWork),
    /** In the order they run; one that is a program is all that could be wished for. Empty: it is not compiled. */
    pieces: z.array(pieceSchema).max(MAX_PIECES),
    /** Why there are several, or not only programs. */
    reasons: z.array(compileReasonSchema).max(20),
    /** Of steps where the device can repeat them. */
    repeats: repeatsSchema.optional(),
  }),
  /** A recording of steps began, or ended after `done` of them. */
  'profile.state': z.object({
    state: z.enum(['recording', 'ended']),
    steps: count,
    done: count,
    /** Times are those of the work; else, on a graphics processor, those of handing it over. */
    isExact: z.boolean(),
  }),
  /** Where the time of one step went. Times in ms; begins are counted from that of the recording. */
  'profile.step': z.object({
    run: name,
    step: count,
    isExact: z.boolean(),
    startMs: count,
    durationMs: count,
    phases: z
      .array(z.object({ name: z.enum(stepPhases), startMs: count, durationMs: count }))
      .max(1000),
    /** Calls into plugins' code, in the order they began; those inside of others come after them. */
    calls: z
      .array(
        z.object({
          plugin: name,
          kind: z.enum(['hook', 'component']),
          /** Hook, or stage and component: `forward of model gpt`. */
          name,
          startMs: count,
          durationMs: count,
          /** Tensors that it left behind and no scope frees. */
          tensors: count,
        }),
      )
      .max(2000),
    /** Calls beyond that. */
    droppedCalls: count,
    /** Calls of tfjs's kernels, by name. */
    kernels: z.array(z.object({ name, calls: count, totalMs: count })).max(300),
    /** Programs started on the graphics processor, where that can be counted. */
    launches: count.optional(),
    /** Lists of commands that were handed over to it. */
    submits: count.optional(),
    tensors: count,
    bytes: count,
    gpuBytes: count.optional(),
  }),
  /** A test of the workspace begins; without names, its file is read. */
  'test.begin': z.object({ file: name, names: z.array(name).max(100) }),
  /** How one test of the workspace ended. */
  'test.result': z.object({
    /** `tests/….test.ts` */
    file: name,
    /** Names of the groups around it and its own; none when the file itself failed. */
    names: z.array(name).max(100),
    state: z.enum(['passed', 'failed', 'skipped']),
    durationMs: count,
    /** Where it is written. */
    source: sourceSchema.optional(),
    error: errorSchema.optional(),
    /** Lines of a failed comparison: `- ` was expected, `+ ` was received, two spaces are in both. */
    difference: text.optional(),
  }),
  /** All tests that were asked for have ended, or were stopped. */
  'tests.end': testReportSchema,
  'panel.defined': panelSpecSchema,
  'panel.shown': z.object({ id: name, content: panelContentSchema }),
  'panel.removed': z.object({ id: name }),
  /** The engine needs a file; answered by `provideAsset`. */
  'asset.request': z.object({ id: count, path: name }),
} as const satisfies Record<string, z.ZodType>

export type EventSchemas = typeof eventSchemas
export type EventType = keyof EventSchemas
export type EventData<T extends EventType> = z.output<EventSchemas[T]>
/** An event whose data is known by its type. */
export type EngineEvent = {
  [T in EventType]: Omit<EventRecord, 'data' | 'type'> & { type: T; data: EventData<T> }
}[EventType]

const recordSchema = z.object({
  seq: count,
  time: count,
  step: count.optional(),
  type: name,
  plugin: name.optional(),
  data: z.unknown(),
})

/** Most events the page takes in one message. */
export const MAX_EVENTS_PER_BATCH = 10_000
const batchSchema = z.array(recordSchema).max(MAX_EVENTS_PER_BATCH)

/** Checks a batch as it comes from the sandbox. Throws a `ZodError` for anything that does not fit. */
export function parseEvents(message: unknown): EventRecord[] {
  return batchSchema.parse(message).map((record) => {
    const schema: z.ZodType | undefined = Object.hasOwn(eventSchemas, record.type)
      ? eventSchemas[record.type as EventType]
      : undefined
    return schema ? { ...record, data: schema.parse(record.data) } : record
  })
}

/** Narrows a parsed record to a built-in event; plugins' own events give `false`. */
export function isEngineEvent(record: EventRecord): record is EngineEvent {
  return Object.hasOwn(eventSchemas, record.type)
}
