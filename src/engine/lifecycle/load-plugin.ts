// From a plugin's definition to its instance: code evaluated, config parsed, class constructed.
import { EngineError, type HookMethodOptions, pluginSpec, type PluginInstance, z } from '#sdk'
import { jsonSchemaOf, type Locate, parseConfig, settingPath } from '../config/index.ts'
import type { PluginContext } from './context.ts'
import type { Definition } from './definition.ts'
import { Refusal } from './failure.ts'
import { Injection } from './injection.ts'
import type { PluginCalls } from './plugin-calls.ts'

export interface LoadedPlugin {
  readonly instance: PluginInstance
  readonly injection: Injection
  /** Options of its hooks that are methods. */
  readonly hooks: HookMethodOptions
  /** JSON schema of what authors may write as its config. */
  readonly configSchema: unknown
}

/** Throws a `Refusal` with all problems of the config, or what the plugin's code throws. */
export async function loadPlugin(
  definition: Definition,
  context: PluginContext,
  calls: PluginCalls,
  locate: Locate,
): Promise<LoadedPlugin> {
  const { name, config } = definition
  const plugin = await calls.run('load', () => definition.load())
  const spec = pluginSpec(plugin)!
  const schema = definition.schema ?? spec.config ?? z.strictObject({})
  if (!(schema instanceof z.ZodType)) throw noSchema(name)
  const parsed = parseConfig(schema, config, {
    subject: `plugin ${name}`,
    path: settingPath(name),
    locate,
    plugin: name,
  })
  if (parsed.problems) throw new Refusal('threw', parsed.problems)
  context.config = parsed.value
  const injection = new Injection(name, spec.inject ?? {})
  const services = injection.services as never
  const init = { ctx: context, config: parsed.value as never, services }
  const instance = await calls.run('load', () => new plugin(init))
  const configSchema = jsonSchemaOf(schema)
  return { instance, injection, hooks: spec.hooks ?? {}, configSchema }
}

function noSchema(name: string): EngineError {
  return new EngineError({
    code: 'config.invalid',
    message: `the config of plugin ${name} is no zod schema`,
    hint: 'write `config: z.object({ … })`',
  })
}
