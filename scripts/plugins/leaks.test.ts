// The built-in plugins at the door of all plugins, loaded and unloaded again and again.
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { pluginSpec } from '#sdk'
import { Workbench } from '../../src/engine/testing/workbench.ts'

const names = builtinPlugins.map((each) => pluginSpec(each)!.manifest!.name)
const project = `plugins: { use: { ${names.map((name) => `${name}: {}`).join(', ')} } }`

test('[G10] built-in layers, optimizers and losses come through the door of all plugins', async () => {
  const bench = new Workbench({ plugins: builtinPlugins })
  const report = await bench.up({}, project)
  expect(report.problems).toEqual([])
  const owners = report.plugins.flatMap(({ contributions }) =>
    contributions.map(({ kind, name, plugin }) => [`${kind}/${name}`, plugin]),
  )
  expect(Object.fromEntries(owners)).toMatchObject({
    'optimizer/adamw': 'adamw',
    'loss/cross_entropy': 'cross_entropy',
    'attention/full': 'full_attention',
  })
})

const LOADS = 100

test(
  `[A02] after ${LOADS} loads and unloads of every built-in nothing is left of any`,
  { timeout: 120_000 },
  async () => {
    const bench = new Workbench({ plugins: builtinPlugins })
    const left = async () => {
      const { plugins, problems } = await bench.engine.report()
      return {
        problems,
        states: new Set(plugins.map(({ state }) => state)),
        handlers: plugins.flatMap(({ hooks }) => hooks),
        contributions: plugins.flatMap(({ contributions }) => contributions),
        services: plugins.flatMap(({ services }) => services),
        tensors: tf.memory().numTensors,
      }
    }
    const tensors = tf.memory().numTensors
    for (let load = 0; load < LOADS; load++) {
      await bench.up({}, project)
      for (const unit of [...bench.engine.plugins.startOrder()].toReversed()) {
        for (const step of ['stop', 'cleanup'] as const)
          await bench.engine.transition(unit.name, step)
      }
      bench.records.length = 0
    }
    expect(await left()).toEqual({
      problems: [],
      states: new Set(['cleaned']),
      handlers: [],
      contributions: [],
      services: [],
      tensors,
    })
    // Each name is free again: all come up as they did the first time.
    const again = await bench.up({}, project)
    expect(again.problems).toEqual([])
    expect(new Set(again.plugins.map(({ state }) => state))).toEqual(new Set(['running']))
  },
)
