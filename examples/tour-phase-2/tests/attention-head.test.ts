// The head by itself, with a bus of its own: what it gives, tells, learns, and what it leaves.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, disposeModule } from 'plugboard'
import {
  afterEach,
  beforeEach,
  checkGradientFlow,
  checkGradients,
  createTestBus,
  createTestEngine,
  expect,
  measure,
  test,
  type TestBus,
  testPlugin,
} from 'plugboard/testing'
import { AttentionHead } from '../plugins/attention-head/head.ts'
import AttentionHeadPlugin from '../plugins/attention-head/index.ts'
import Sequence from '../plugins/sequence.ts'

const ctx = { training: false, random: createRandom(1), step: 0, scalars: {} }
const settings = { num_labels: 2, attention_heads: 3, dropout_rate: 0.5 }

let bus: TestBus
let head: AttentionHead
let states: tf.Tensor
beforeEach(() => {
  bus = createTestBus()
  head = buildModule(createRandom(1), () => new AttentionHead(settings, { width: 8 }, bus))
  states = tf.randomNormal([4, 10, 8], 0, 1, 'float32', 1)
})
afterEach(() => {
  disposeModule(head)
  states.dispose()
})

test('its plugin conforms to what every plugin must keep', () =>
  testPlugin(AttentionHeadPlugin, { plugins: [Sequence], config: { num_labels: 2 } }))

test('has the settings of its plugin.yaml, defaults filled in', async () => {
  const upWith = async (config: Record<string, unknown>) => {
    const engine = await createTestEngine({
      plugins: [Sequence, AttentionHeadPlugin],
      config: { plugins: { use: { attention_head: { config } } } },
    })
    await engine.up()
    return engine.instance<AttentionHeadPlugin>('attention_head').config
  }
  const settings = { num_labels: 3, attention_heads: 2, dropout_rate: 0.1 }
  expect(await upWith({ num_labels: 3 })).toEqual(settings)
  await expect(upWith({})).rejects.toThrow('`num_labels` is missing')
  await expect(upWith({ num_labels: 3, attention_heads: 99 })).rejects.toThrow('attention_heads')
})

test('gives logits of each row and weights of its days, which add up to 1', async () => {
  const { logits, attention } = head.forward({ hidden_states: states }, ctx)
  expect(logits.shape).toEqual([4, 2])
  expect(attention.shape).toEqual([4, 10, 3])
  for (const sum of await attention.sum(1).data()) expect(sum).toBeCloseTo(1, 5)
})

test('tells of a shape when it is new, not at every step', () => {
  for (let step = 0; step < 3; step++) head.forward({ hidden_states: states }, ctx)
  bus.log.assertEmitted('head.forward_start', { input_shape: [4, 10, 8] })
  bus.log.assertEmitted('head.forward_complete', { output_shape: [4, 2] })
  expect(bus.log.all('head.*')).toHaveLength(2)
})

test('does not look at days that the mask hides', async () => {
  const mask = tf.tensor2d(
    Array.from({ length: 40 }, (_, i) => Number(i % 10 > 6)),
    [4, 10],
  )
  const { attention } = head.forward({ hidden_states: states, attention_mask: mask }, ctx)
  for (const weight of await attention.slice([0, 0, 0], [4, 7, 3]).data()) expect(weight).toBe(0)
})

test('its loss is the cross-entropy of its labels', async () => {
  const logits = tf.tensor2d([[0, 0]])
  const loss = head.computeLoss({
    outputs: { logits },
    batch: { labels: tf.tensor1d([1], 'int32') },
  })
  expect((await loss.data())[0]).toBeCloseTo(Math.log(2), 5)
})

test('every parameter learns, with the gradient that it should have', () => {
  const labels = tf.tensor1d([0, 1, 1, 0], 'int32')
  const options = {
    loss: (outputs: { logits: tf.Tensor }) => head.computeLoss({ outputs, batch: { labels } }),
  }
  checkGradientFlow(head, { hidden_states: states }, options)
  expect(checkGradients(head, { hidden_states: states }, options)).toBeGreaterThan(20)
})

test('a forward pass takes less than 100 ms and leaves only what it returns', async () => {
  const { averageMs, leftTensors, peakBytes } = await measure(
    () => tf.tidy(() => void head.forward({ hidden_states: states }, ctx)),
    { times: 20, warmUp: 5 },
  )
  expect(averageMs).toBeLessThan(100)
  expect(leftTensors).toBe(0)
  expect(peakBytes).toBeLessThan(1e6)
})
