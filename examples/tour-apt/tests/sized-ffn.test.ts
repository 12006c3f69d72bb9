// The network that fits the device: which one, and that it is the default.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, DeviceInfo, parametersOf } from 'plugboard'
import { checkGradientFlow, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import SizedFfn from '../plugins/sized-ffn.ts'

const shape = { width: 4, heads: 1, context: 3, dropout: 0 }

/** What comes when no network is named, with `size` set or the device's own. */
async function build(device: Partial<DeviceInfo>, size?: string) {
  const info = { backend: 'cpu', label: 'this device', reason: '', isSoftware: true, features: [] }
  const engine = await createTestEngine({
    plugins: [SizedFfn],
    services: [[DeviceInfo, { ...info, ...device }]],
  })
  await engine.up()
  const { ctx } = engine.instance('sized_ffn')
  const ref = size === undefined ? undefined : { name: 'sized', config: { size } }
  const layer = buildModule(createRandom(1), () => ctx.create('ffn', ref, shape))
  return { layer, hidden: parametersOf(layer).get('up.weight')!.shape[1], events: engine.events }
}

const card = { backend: 'webgpu', label: 'a card', isSoftware: false } as const

test('conforms to what every plugin must keep', () => testPlugin(SizedFfn))

test('[A22] is chosen by the device', async () => {
  expect((await build({})).hidden).toBe(8)
  expect((await build({ ...card, isSoftware: true })).hidden).toBe(8)
  const { hidden, events } = await build(card)
  expect(hidden).toBe(16)
  events.assertEmitted('log', { message: 'a card: a wide network suits it' })
})

test('can be set in spite of the device', async () => {
  expect((await build({}, 'wide')).hidden).toBe(16)
  expect((await build(card, 'slim')).hidden).toBe(8)
})

test('learns with all its parameters', async () => {
  const { layer } = await build({})
  checkGradientFlow(layer, tf.tensor3d([...createRandom(2).normals(24)], [2, 3, 4]))
})
