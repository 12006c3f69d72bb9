// plugboard.yaml: its schema, and parsing of it and of components' configs with located problems.
import { EngineError, type ErrorCode, experimentSchema, logLevels, z } from '#sdk'
import { issuesOf } from './issues.ts'
import { schedulesSchema, unreachedEpochs } from './schedules.ts'
import { strict } from './strict.ts'
import { withCallbackKeys } from './callback-keys.ts'
import { type Locate, parseYaml } from './yaml.ts'

const PROJECT_FILE = 'plugboard.yaml'

const useSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('start it with the project'),
  priority: z.number().optional().describe('priority of its hooks; higher runs first'),
  config: z.record(z.string(), z.unknown()).default({}).describe("the plugin's own settings"),
})

const pluginsSchema = z.strictObject({
  auto_initialize: z
    .boolean()
    .default(true)
    .describe('initialize plugins when the project is activated'),
  auto_start: z.boolean().default(true).describe('start them too'),
  validate_on_load: z
    .boolean()
    .default(true)
    .describe('refuse to load a plugin with problems in its manifest or requirements'),
  folders: z
    .array(
      z
        .string()
        .regex(
          /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/,
          'a folder is written as `plugins` or `lib/plugins`',
        ),
    )
    .default(['plugins'])
    .describe('folders in which files are plugins'),
  categories: z
    .array(z.string())
    .optional()
    .describe('only plugins of these categories come up by themselves'),
  timeout_ms: z
    .int()
    .min(1)
    .max(600_000)
    .default(5000)
    .describe('longest time for one lifecycle method'),
  use: z
    .record(
      z.string(),
      z.preprocess((value) => value ?? {}, useSchema),
    )
    .default({}),
})

const level = z.enum(logLevels)

const loggingSchema = z.strictObject({
  level: level.default('debug').describe('log lines below this level are dropped'),
  plugins: z
    .record(z.string(), level)
    .default({})
    .describe('levels of single plugins, in place of the one for all'),
})

const deviceSchema = z.strictObject({
  compile: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe(
      'compile training steps for WebGPU where that can be done; off runs each operation by itself',
    ),
})

/** Which log lines are kept. */
export type Logging = z.output<typeof loggingSchema>

export const projectSchema = z
  .strictObject({
    plugins: pluginsSchema.prefault({}),
    logging: loggingSchema.prefault({}),
    device: deviceSchema.prefault({}),
    schedules: schedulesSchema.prefault({}),
    experiment: experimentSchema.optional(),
  })
  .superRefine(({ schedules, experiment }, { addIssue }) => {
    if (!experiment) return
    const { epochs } = experiment.training
    const message = `the experiment ends with epoch ${epochs}`
    for (const path of unreachedEpochs(schedules, epochs))
      addIssue({ code: 'custom', path: ['schedules', ...path], message })
  })

/** Where a plugin's own settings are in the project file. */
export const settingPath = (plugin: string, path: readonly PropertyKey[] = []): PropertyKey[] => [
  'plugins',
  'use',
  plugin,
  'config',
  ...path,
]

/** A project, defaults filled in. */
export type ProjectConfig = z.output<typeof projectSchema>

/** Where a value to be parsed stands. */
interface ConfigPlace {
  /** What it configures, for messages: `plugin early_stopping`, `optimizer adamw`. */
  subject: string
  path: readonly PropertyKey[]
  locate: Locate
  code?: ErrorCode
  plugin?: string | undefined
}

export type Parsed<T> =
  | { value: T; problems?: undefined }
  | { value?: undefined; problems: EngineError[] }

/**
 * Parses `value` by `schema`. All problems at once, each at its place. Keys that an object schema does not name
 * are refused at any depth, unless it takes them by `z.looseObject` or `.catchall(…)`.
 */
export function parseConfig<S extends z.ZodType>(
  schema: S,
  value: unknown,
  place: ConfigPlace,
): Parsed<z.output<S>> {
  const result = strict(schema).safeParse(value)
  if (result.success) return { value: result.data }
  const problems = issuesOf(result.error, value, schema).map(
    ({ path, message, hint }) =>
      new EngineError({
        code: place.code ?? 'config.invalid',
        message: `${place.subject}: ${message}`,
        source: place.locate([...place.path, ...path]),
        plugin: place.plugin,
        hint,
      }),
  )
  problems.sort((a, b) => a.source!.line - b.source!.line || a.source!.column - b.source!.column)
  return { problems }
}

/** Reads the text of plugboard.yaml. `config` is missing when it has problems; `locate` works in any case. */
export function parseProject(text: string): {
  config: ProjectConfig | undefined
  problems: EngineError[]
  locate: Locate
} {
  const { value, problems, locate } = parseYaml(text, PROJECT_FILE)
  if (problems.length > 0) return { config: undefined, problems, locate }
  const parsed = parseConfig(projectSchema, value ?? {}, {
    subject: PROJECT_FILE,
    path: [],
    locate,
  })
  if (!parsed.value) return { config: undefined, problems: parsed.problems, locate }
  return { ...withCallbackKeys(parsed.value, locate), locate }
}
