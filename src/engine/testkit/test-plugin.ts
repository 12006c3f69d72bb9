// What every plugin must keep, whoever wrote it.
import * as tf from '@tensorflow/tfjs'
import { chai, equals } from '@vitest/expect'
import {
  errorInfo,
  manifestSchema,
  type PluginClass,
  type PluginInstance,
  pluginSpec,
  runHooks,
} from '#sdk'
import { described } from './described.ts'
import { surroundings } from './surroundings.ts'
import { createTestEngine, type TestEngine, type TestEngineOptions } from './test-engine.ts'

export interface TestPluginOptions extends Omit<TestEngineOptions, 'plugins' | 'config'> {
  /** The plugin's own config; its defaults without it. */
  config?: unknown
  /** Plugins that it requires. */
  plugins?: readonly PluginClass[]
}

/**
 * Checks that the plugin's manifest is complete, its config has what it needs, its handlers inside of a step
 * are synchronous, it keeps the promises of its manifest, comes up and goes down twice and leaves nothing, and
 * takes over the state it captured. Throws one assertion error that names all that does not hold.
 */
export async function testPlugin(
  given: PluginClass,
  { config, plugins = [], ...options }: TestPluginOptions = {},
): Promise<void> {
  const Plugin = await described(given, surroundings().workspace)
  const { name } = pluginSpec(Plugin)!.manifest!
  const faults = [...manifestFaults(Plugin), ...hookFaults(Plugin)]
  const engine = await createTestEngine({
    ...options,
    plugins: [...plugins, Plugin],
    config: { plugins: { use: { [name]: config === undefined ? {} : { config } } } },
  })
  try {
    const captured = await cycle(engine, Plugin, faults, undefined)
    await cycle(engine, Plugin, faults, captured)
  } catch (thrown) {
    faults.push(errorInfo(thrown).message)
  }
  faults.push(...unhandled(engine))
  if (faults.length === 0) return
  const lines = [...new Set(faults)].map((fault) => `- ${fault}`)
  throw new chai.AssertionError(`${name} does not conform:\n${lines.join('\n')}`)
}

function manifestFaults(Plugin: PluginClass): string[] {
  const { manifest } = pluginSpec(Plugin)!
  const { success, data, error } = manifestSchema.safeParse(manifest)
  if (!success)
    return error.issues.map(({ path, message }) => `manifest.${path.join('.')}: ${message}`)
  const faults: string[] = []
  if (data.description.trim() === '') faults.push('manifest.description is empty: say what it does')
  if (manifest?.category === undefined) faults.push('manifest.category is missing')
  return faults
}

/** Handlers that are async functions where the engine waits for nobody. */
function hookFaults({ prototype }: PluginClass): string[] {
  const names = Object.keys(runHooks) as (keyof typeof runHooks)[]
  return names
    .filter((hook) => {
      const method: unknown = prototype[hook as keyof PluginInstance]
      return runHooks[hook].isSync && method?.constructor.name.startsWith('Async') === true
    })
    .map((hook) => `${hook} is async, but handlers inside of a step are synchronous`)
}

/** Up and down once. Returns what the plugin captured in between, as a reload would keep it. */
async function cycle(
  engine: TestEngine,
  Plugin: PluginClass,
  faults: string[],
  state: unknown,
): Promise<unknown> {
  const { name } = pluginSpec(Plugin)!.manifest!
  const before = tf.memory()
  await engine.up()
  const { contributions, manifest } = await infoOf(engine, name)
  const made = contributions.map(({ kind, name: made }) => `${kind}/${made}`)
  const kept = new Set([...made, ...contributions.map(({ kind }) => kind)])
  const kinds = new Set(contributions.map(({ kind }) => kind))
  for (const promise of manifest.provides) {
    const [kind] = promise.split('/') as [string]
    if (kinds.has(kind) && !kept.has(promise))
      faults.push(`manifest.provides has ${promise}, which it does not provide`)
  }
  const instance = engine.instance(name)
  if (state !== undefined) await instance.restore?.(structuredClone(state) as never)
  const captured = structuredClone(await instance.capture?.())
  if (state !== undefined && instance.restore && !equals(captured, state))
    faults.push('what restore() takes over is not what capture() gives after it')

  await engine.down()
  const left = await infoOf(engine, name)
  if (left.state !== 'cleaned') faults.push(`it is ${left.state} after cleanup, not cleaned`)
  for (const kind of ['contributions', 'services', 'hooks'] as const) {
    if (left[kind].length > 0) faults.push(`it leaves ${left[kind].length} ${kind} after cleanup`)
  }
  const after = tf.memory()
  const tensors = after.numTensors - before.numTensors
  if (tensors > 0) faults.push(`it leaves ${tensors} tensors after cleanup`)
  return captured
}

async function infoOf(engine: TestEngine, name: string) {
  const { plugins } = await engine.report()
  return plugins.find(({ manifest }) => manifest.name === name)!
}

/** What was told as an event because nobody could catch it. */
const unhandled = ({ events }: TestEngine): string[] =>
  [...events.data('error.uncaught'), ...events.data('hook.failed')].map(
    ({ error }) => error.message,
  )
