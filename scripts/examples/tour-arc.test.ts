// The tour of Arc learns, through the real engine on WebAssembly: shortened here, whole in the README.
import { beforeAll, expect, test } from 'vitest'
import type { EngineEvent } from '#protocol'
import {
  dataOf,
  expectNoTrouble,
  lastOf,
  openWorkspace,
  readExample,
  trainExample,
} from './run-workspace.ts'

const MINUTES = 60_000

let events: EngineEvent[]
beforeAll(async () => {
  events = await trainExample('tour-arc', 'max_steps=80')
}, 5 * MINUTES)

test('[G11] a model graph of layers from plugins, the own and built-in ones, learns to read', () => {
  expectNoTrouble(events)
  expect(lastOf(events, 'val_accuracy')).toBeGreaterThan(0.6)
  const [begin] = dataOf(events, 'run.begin')
  const paths = begin!.parameters.map(({ path }) => path)
  expect(paths).toContain('blocks.1.swiglu.gate.weight')
  expect(paths.at(-1)).toBe('head.bias')
  const told = dataOf(events, 'log').map(({ message }) => message)
  expect(told).toContain(`built reader: ${begin!.parameterCount} parameters`)
})

test('[G16] rules over the nodes of a graph refuse it, and tell all that they find', async () => {
  const files = await readExample('tour-arc')
  const config = files.get('plugboard.yaml')!.replace('most: 20000', 'most: 4000')
  files.set('plugboard.yaml', config)
  const { engine } = await openWorkspace(files, 'wasm')
  const refusal = await engine.describeModel().catch((thrown: Error) => thrown.message)
  expect(refusal).toContain('custom.node_size about model reader: node `blocks.0.attn` has')
  expect(refusal).toContain('node `blocks.1.swiglu` has 13824 parameters, more than 4000')
})
