// Every built-in plugin keeps what the author's kit asks of any.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { type PluginClass, pluginSpec } from 'plugboard'
import { testPlugin } from 'plugboard/testing'
import { beforeAll, expect, test } from 'vitest'
import { builtinPlugins } from './index.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const manifestOf = (Plugin: PluginClass) => pluginSpec(Plugin)!.manifest!

/** Those that may meet what a plugin requires, and what they require in turn. */
function requirementsOf(Plugin: PluginClass, found = new Set<PluginClass>()): Set<PluginClass> {
  for (const key of Object.keys(manifestOf(Plugin).requires ?? {})) {
    const name = key.replace(/^(plugin|kind):/, '')
    for (const other of builtinPlugins) {
      const { provides = [], name: own } = manifestOf(other)
      const isFitting = own === name || provides.some((each) => `${each}/`.startsWith(`${name}/`))
      if (!isFitting || other === Plugin || found.has(other)) continue
      requirementsOf(other, found.add(other))
    }
  }
  return found
}

const byName = builtinPlugins.map((Plugin) => [manifestOf(Plugin).name, Plugin] as const)

test.each(byName)('%s conforms', async (_, Plugin) => {
  const plugins = [...requirementsOf(Plugin)].filter((other) => other !== Plugin)
  await expect(testPlugin(Plugin, { plugins })).resolves.toBeUndefined()
})
