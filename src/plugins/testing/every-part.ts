// Every built-in part that computes on the device, to compare devices: what each gives, gradients included.
import * as tf from '@tensorflow/tfjs'
import {
  componentOf,
  type CreatePart,
  type KindName,
  type PluginClass,
  pluginSpec,
} from 'plugboard'
import { builtinPlugins } from '../index.ts'
import { initialize, type Initialized } from './contributions.ts'
import type { Given } from './given.ts'
import { configs } from './part-inputs.ts'
import { type Make, partKinds, type Runs } from './part-kinds.ts'

/** Taken where nothing is named. */
const DEFAULTS: Partial<Record<string, string>> = { attention: 'full', ffn: 'mlp', router: 'top_k' }

/** One part with one setting on one kind of input. */
export interface Try {
  /** Kind and name. */
  part: string
  title: string
  /** Throws where the part is not made for the input. */
  run(): tf.Tensor[]
}

/** All that `plugins` provide, with every setting, on every input: at home a part is on some of them only. */
export async function everyTry(plugins: readonly PluginClass[] = builtinPlugins): Promise<Try[]> {
  const owners = new Map<string, Initialized<unknown>>()
  for (const Plugin of plugins) {
    const provided = pluginSpec(Plugin)?.manifest?.provides ?? []
    const parts = provided.filter((it) => it.includes('/') && it.split('/')[0]! in partKinds)
    if (parts.length === 0) continue
    const owner = await initialize(Plugin as never)
    for (const part of parts) owners.set(part, owner)
  }
  const create: CreatePart = (kind, ref, env) => {
    const { name, config } = componentOf(ref ?? DEFAULTS[kind]!)
    return owners.get(`${kind}/${name}`)!.create(kind, name, config, { ...env, create })
  }
  return [...owners.keys()].flatMap((part) => {
    const [kind, name] = part.split('/') as [KindName, string]
    const runsOf = partKinds[kind] as (make: Make<KindName>, create: CreatePart) => Runs
    return (configs[part] ?? [{}]).flatMap((config) => {
      const runs = runsOf((env) => create(kind, { name, config: { ...config } }, env), create)
      const about = `${part} ${JSON.stringify(config)}`
      return Object.entries(runs).map(([input, run]) => ({
        part,
        title: `${about}: ${input}`,
        run,
      }))
    })
  })
}

/** Runs tries on the device there is. */
export async function valuesOf(tries: readonly Try[]): Promise<Given> {
  const given: Given = {}
  for (const { title, run } of tries) {
    tf.engine().startScope()
    try {
      const values: number[][] = []
      // One after another: WebGL compiles a shader for each.
      for (const tensor of run()) values.push([...(await tensor.data())])
      given[title] = values
    } catch (thrown) {
      given[title] = String(thrown)
    } finally {
      tf.engine().endScope()
      tf.disposeVariables()
    }
  }
  return given
}

/** Those of which a device gave numbers. */
export const atHome = (tries: readonly Try[], given: Given): Try[] =>
  tries.filter(({ title }) => Array.isArray(given[title]))
