// The calls a page can make to the engine. All arguments and results are plain, cloneable data.
import {
  type CommandInfo,
  type ComponentRef,
  type ContributionInfo,
  type DeviceInfo,
  type Measured,
  type ErrorInfo,
  manifestSchema,
  type MetricSummary,
  type ModelFile,
  z,
} from '#sdk'
import {
  errorSchema,
  failureCauses,
  MAX_NAME,
  MAX_TEXT,
  pluginStates,
  sourceSchema,
  type testReportSchema,
} from './events.ts'
import type { InputValue, Prediction, PredictForm, PredictOptions } from './predict.ts'
import type { DevicePreference, FileBytes, Project } from './project.ts'

const name = z.string().max(MAX_NAME)

const contributionSchema: z.ZodType<ContributionInfo> = z.object({
  kind: name,
  name,
  plugin: name,
  description: z.string().max(MAX_TEXT),
  version: name,
  isDefault: z.boolean(),
  aliases: z.array(name),
})

const metricSummarySchema: z.ZodType<MetricSummary> = z.object({
  name,
  unit: z.enum(['', 'ms']),
  count: z.number(),
  total: z.number(),
  min: z.number(),
  max: z.number(),
})

/** A plugin as the page shows it. */
export const pluginInfoSchema = z.object({
  manifest: manifestSchema,
  origin: z.enum(['builtin', 'workspace']),
  /** Source file, for workspace plugins. */
  file: name.optional(),
  /** A workspace plugin that stands in for the built-in of its name. */
  replacesBuiltin: z.boolean(),
  isEnabled: z.boolean(),
  state: z.enum(pluginStates),
  cause: z.enum(failureCauses).optional(),
  error: errorSchema.optional(),
  /** Names of the plugins it stands on. */
  dependencies: z.array(name),
  /** Its settings with defaults filled in, as text, once its code was loaded. */
  config: z.string().max(MAX_TEXT).optional(),
  /** The active run needs what it contributed: it can be stopped, not cleaned up. */
  isPinned: z.boolean(),
  hooks: z.array(
    z.object({
      hook: name,
      label: name,
      priority: z.number(),
      calls: z.number(),
      failures: z.number(),
      totalMs: z.number(),
      /** Longest of the calls that were timed. */
      maxMs: z.number(),
      /** In words, when it is called: `every 5 epochs`. */
      condition: name.optional(),
      /** It stands around the calls of the hook. */
      isWrapper: z.boolean(),
    }),
  ),
  /** Time spent in each of its lifecycle methods and the like. */
  stages: z.array(
    z.object({ stage: name, calls: z.number(), totalMs: z.number(), maxMs: z.number() }),
  ),
  contributions: z.array(contributionSchema),
  services: z.array(name),
  /** Names of the services that it asked for. */
  uses: z.array(name),
  /** Types of the events it emitted, and how many. */
  emits: z.array(z.object({ type: name, count: z.number() })),
  /** What it counted and timed of itself. */
  metrics: z.array(metricSummarySchema),
  /** Time spent in its code since it was loaded. */
  totalMs: z.number(),
  /** JSON schema of its config, once its code was loaded. */
  configSchema: z.unknown().optional(),
})
export type PluginInfo = z.output<typeof pluginInfoSchema>

export const commandsSchema: z.ZodType<CommandInfo[]> = z
  .array(
    z.object({
      name,
      title: z.string().max(MAX_TEXT),
      description: z.string().max(MAX_TEXT),
      plugin: name,
      args: z.unknown(),
      error: errorSchema.optional(),
    }),
  )
  .max(2000)

export const projectReportSchema = z.object({
  plugins: z.array(pluginInfoSchema).max(2000),
  /** All problems of files and manifests; empty when the project can run. */
  problems: z.array(errorSchema).max(1000),
})
/** What the engine found in a project. */
export type ProjectReport = z.output<typeof projectReportSchema>

export const inspectionSchema = z.object({
  /** Plugins that the project brings, with the file that each is in. */
  plugins: z
    .array(z.object({ manifest: manifestSchema, file: name, replacesBuiltin: z.boolean() }))
    .max(2000),
  problems: z.array(errorSchema).max(1000),
})
/** What a project says of itself. */
export type Inspection = z.output<typeof inspectionSchema>

const modelNodeSchema = z.object({
  /** Its place among the fields of the model: `head`, `blocks.0.norm`. */
  path: name,
  /** Layer of a model graph by name, else the class. */
  type: name,
  /** What it takes: paths of nodes and names of columns. Known of model graphs only. */
  inputs: z.array(name),
  /** Of what it gives, the batch axis not counted. */
  shape: z.array(z.number()).optional(),
  /** Number of trained values, those of its parts included. */
  parameters: z.number(),
  /** The first of its parameters. */
  weights: z.array(z.object({ name, shape: z.array(z.number()) })),
  /** Where a model graph has it. */
  source: sourceSchema.optional(),
})
/** A part of a model. */
export type ModelNode = z.output<typeof modelNodeSchema>

export const modelGraphSchema = z.object({
  /** The model as the experiment names it. */
  name,
  /** Of a batch. */
  columns: z.array(
    z.object({ name, shape: z.array(z.number()), dtype: z.enum(['float32', 'int32']) }),
  ),
  nodes: z.array(modelNodeSchema),
  /** What the model gives, where that is known: by name, from which node. */
  outputs: z.array(z.object({ name, from: name })),
  parameters: z.number(),
})
/** A built model as nodes and edges. */
export type ModelGraph = z.output<typeof modelGraphSchema>

/** Files of a model; names come from plugins. */
export const modelFilesSchema: z.ZodType<ModelFile[]> = z
  .array(z.object({ name, bytes: z.instanceof(Uint8Array<ArrayBuffer>) }))
  .max(1000)

/** How tests ended; a file that cannot be loaded counts as one that failed. */
export type TestReport = z.output<typeof testReportSchema>

const testInfoSchema = z.object({
  /** Names of the groups around it and its own. */
  names: z.array(name).max(100),
  source: sourceSchema,
})
/** A test, as its file describes it. */
export type TestInfo = z.output<typeof testInfoSchema>

const testFileSchema = z.object({ file: name, tests: z.array(testInfoSchema).max(2000) })
/** A test file with its tests, in order, as far as their names are plain texts. */
export type TestFile = z.output<typeof testFileSchema>

export const testFilesSchema = z.array(testFileSchema).max(1000)

/** Names a test; a group of tests, by the names that theirs begin with; or with no names a whole file. */
export interface TestPlace {
  readonly file: string
  readonly names: readonly string[]
}

/** Which tests run; all, where neither is given. */
export interface TestSelection {
  /** Those of these places. */
  readonly only?: readonly TestPlace[]
  /** Those whose full name, `group › test`, contains this text, in either case. */
  readonly filter?: string
}

/** `checkpoint` takes one at the next step boundary, named `step-…`. */
export type RunAction = 'pause' | 'resume' | 'step' | 'stop' | 'checkpoint'

/** A checkpoint: the bytes of its file, the path that messages name it by beside them or not, or its path alone. */
export type CheckpointSource =
  | Uint8Array<ArrayBuffer>
  | { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | string

/** A recording of where the time of steps goes. */
export interface ProfileOptions {
  /** 1 to 1,000. */
  readonly steps: number
  /**
   * Each phase waits until the device has done its work, which makes the steps slower. Without it, times on a
   * graphics processor are those of handing the work over.
   */
  readonly isExact: boolean
}

/** How a run begins. */
export interface RunOptions {
  /** Goes on from a checkpoint. */
  readonly from?: CheckpointSource
  /** Why it goes on without being asked to, for people. */
  readonly cause?: string
  /** Ends so many epochs after that of the checkpoint, whatever `training.epochs` and `max_steps` say. */
  readonly moreEpochs?: number
  /**
   * The run takes a checkpoint named `last` by itself: at its end, when it is paused, and when at least so much time
   * has passed since the one before.
   */
  readonly checkpointEveryMs?: number
  /** The model stays on the device when the run has ended, for `predict`, until the next run begins. */
  readonly keepsModel?: boolean
}
/** Lifecycle steps a user can drive by hand. */
export type LifecycleStep = 'validate' | 'load' | 'initialize' | 'start' | 'stop' | 'cleanup'

export interface EngineApi {
  /**
   * Chooses and starts the device. Once per engine. What engines before `measured` on an adapter is not measured again.
   */
  boot(options: { device: DevicePreference; measured?: readonly Measured[] }): Promise<DeviceInfo>
  /**
   * Takes a project, new or edited. Reads manifests and config; runs no plugin code unless plugins are
   * up already: then what changed is reloaded as one transaction (see `plugin.reloaded`).
   */
  open(project: Project): Promise<ProjectReport>
  /** Reads manifests and config of a project that is not opened: of a package or link before it is taken. */
  inspect(project: Project): Promise<Inspection>
  /**
   * Brings the project's plugins up as its `plugins` section says, those that the experiment names included.
   * The report has the problems of the experiment's components as well, which are only known then.
   */
  activate(): Promise<ProjectReport>
  /** One lifecycle step of one plugin. Rejects when the step is not allowed in its state. */
  transition(plugin: string, step: LifecycleStep): Promise<void>
  /**
   * A fresh instance of a plugin, and of those that stand on it, in place of the present one: one transaction, as for
   * an edit (`plugin.reloaded`, or `plugin.reload_failed` and all is as it was), also in the middle of a run. One that is
   * not up begins anew and is brought to where the project wants it.
   */
  renew(plugin: string): Promise<void>
  /** Records the next steps (`profile.step`), of this run or the next one; `null` ends a recording. */
  profile(options: ProfileOptions | null): Promise<void>
  /** Runs a method of a plugin that is up, inside of the wrappers of `onPluginCall`. */
  call(plugin: string, method: string, ...args: unknown[]): Promise<unknown>
  report(): Promise<ProjectReport>
  /**
   * JSON schemas of the YAML files by their names, plugboard.yaml and plugin.yaml, with what is known now filled
   * in: names of plugins and components, settings of those whose code is loaded, of built-ins and of plugins that
   * a plugin.yaml describes.
   */
  yamlSchemas(): Promise<Record<string, Record<string, unknown>>>
  /** Activates, builds the experiment and trains. Resolves with the run's id once it is accepted. */
  startRun(options?: RunOptions): Promise<string>
  /** Bytes `begin` to `end` of a checkpoint's file (`run.checkpoint`); `null` when it is no longer held. */
  checkpoint(key: number, begin: number, end: number): Promise<Uint8Array<ArrayBuffer> | null>
  /** The caller has the whole file: the engine may forget it. */
  takeCheckpoint(key: number): Promise<void>
  /**
   * The model of a checkpoint as files of a format: that of the exporter of this name. Rejects with the formats that
   * there are where there is none.
   */
  exportModel(format: ComponentRef, from: CheckpointSource): Promise<ModelFile[]>
  /** What the model in training takes, or that of the last run, where it was kept; `null` when there is none. */
  predictForm(): Promise<PredictForm | null>
  /**
   * What that model makes of a row, between two steps: `values` by the names of `predictForm`. Training goes on as
   * it would without. Rejects with `data.invalid` for values that do not fit, `run.state` when there is no model.
   */
  predict(
    values: Readonly<Record<string, InputValue>>,
    options?: PredictOptions,
  ): Promise<Prediction>
  /** Takes effect within one step. */
  control(action: RunAction): Promise<void>
  /**
   * The model in training, else that of the experiment: then the plugins come up, the data are prepared and the
   * model is built as for a run, and freed. Rejects with what would keep a run from starting.
   */
  describeModel(): Promise<ModelGraph>
  /** The project's test files, `tests/*.test.ts`, as it was opened last. Runs nothing of them. */
  tests(): Promise<TestFile[]>
  /**
   * Runs tests, one after the other; each says that it begins (`test.begin`) and how it ended (`test.result`).
   * Refused with `run.state` while a run is active.
   */
  test(selection?: TestSelection): Promise<TestReport>
  /**
   * Ends the tests that run or wait for their turn: the one under way is given up, and its clean-up and all
   * others no longer begin.
   */
  stopTests(): Promise<void>
  /** Commands of the plugins that are up. */
  commands(): Promise<CommandInfo[]>
  /** Runs one. Rejects with every problem of its arguments (`contribution.config`, in `issues`). */
  command(name: string, args: Record<string, unknown>): Promise<unknown>
  /** Bytes of an artefact that a plugin left (`artefact.saved`); `null` when there is none. */
  artefact(name: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** Every problem of a config for a component of this kind and name; plugins judge it too (`onConfigCheck`). */
  validateConfig(kind: string, name: string, config: Record<string, unknown>): Promise<ErrorInfo[]>
  /** Answers `asset.request`; `null` with a message when there is no such file. */
  provideAsset(id: number, bytes: FileBytes | null, message?: string): Promise<void>
}
