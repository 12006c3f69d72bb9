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

const byName: [string, PluginClass][] = builtinPlugins.map((Plugin) => [
  pluginSpec(Plugin)!.manifest!.name,
  Plugin,
])

test.each(byName)('%s conforms', async (_, Plugin) => {
  const plugins = builtinPlugins.filter((other) => other !== Plugin)
  await expect(testPlugin(Plugin, { plugins })).resolves.toBeUndefined()
})
