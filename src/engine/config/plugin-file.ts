// plugin.yaml: a manifest beside the code, with the entry point and what the plugin can be set to.
import { EngineError, type Manifest, manifestSchema, type SourceLocation, z } from '#sdk'
import { parseConfig } from './project.ts'
import { schemaOf, settingsSchema } from './settings.ts'
import { type Locate, parseYaml } from './yaml.ts'

export const pluginFileSchema = manifestSchema.extend({
  entry: z
    .string()
    .regex(/^\.\/[\w./-]+\.ts$/, 'an entry is a file beside this one: `./index.ts`')
    .default('./index.ts')
    .describe('the file whose default export is the plugin'),
  configuration: settingsSchema.optional().describe('its settings; without it, the code has them'),
})

/** What a plugin.yaml says. */
export interface PluginFile {
  readonly path: string
  readonly manifest: Manifest
  /** File of the code, relative to this one: `./index.ts`. */
  readonly entry: string
  /** Schema of the plugin's config, when it is described here. */
  readonly schema?: z.ZodType
  /** Equal as long as the file says the same. */
  readonly content: string
  readonly locate: Locate
}

export function parsePluginFile(
  path: string,
  text: string,
): { file?: PluginFile; problems: readonly EngineError[] } {
  const { value, problems, locate } = parseYaml(text, path)
  if (problems.length > 0) return { problems }
  const subject = `manifest in ${path}`
  const parsed = parseConfig(pluginFileSchema, value ?? {}, {
    subject,
    path: [],
    locate,
    code: 'manifest.invalid',
  })
  if (parsed.problems) return { problems: parsed.problems }
  const { entry, configuration, ...manifest } = parsed.value
  const file: PluginFile = {
    path,
    manifest,
    entry,
    content: JSON.stringify(value),
    locate,
    ...(configuration ? { schema: schemaOf(configuration) } : {}),
  }
  return { file, problems: [] }
}

/** The problem of a plugin that has the same thing in its code and in its plugin.yaml. */
export function saidTwice(
  what: 'manifest' | 'config',
  { path, manifest }: PluginFile,
  source: SourceLocation | undefined,
): EngineError {
  const [here, there] = what === 'manifest' ? ['manifest', 'manifest'] : ['config', 'configuration']
  return new EngineError({
    code: 'manifest.invalid',
    plugin: manifest.name,
    message: `the ${there} of ${manifest.name} is in ${path} and in its code as well`,
    source,
    hint: `take \`${here}\` out of the code, or ${what === 'manifest' ? 'delete the file' : '`configuration` out of the file'}`,
  })
}
