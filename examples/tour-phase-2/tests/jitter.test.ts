// The augmenter and its service: how often, how much, and never without being in training.
import { createRandom } from 'plugboard'
import { createTestContainer, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import { Noise } from '../lib/services.ts'
import HeavyTails from '../plugins/heavy-tails.ts'
import Jitter from '../plugins/jitter.ts'
import { tableOf, valuesOf } from './tables.ts'

const ROWS = 1000
const table = tableOf({
  feature_a: Array.from({ length: ROWS }, (_, i) => (i % 2 === 0 ? 1 : 3)),
  other: new Float32Array(ROWS),
})

/** Augments the table with noise that is always 1. */
async function augment(config: Record<string, unknown>, { training = true, seed = 1 } = {}) {
  const engine = await createTestEngine({
    plugins: [HeavyTails, Jitter],
    services: [[Noise, { draw: () => 1 }]],
  })
  await engine.up()
  const { ctx } = engine.instance('jitter')
  const made = await ctx.create('augmenter', { name: 'jitter', config }, {}).augment(table, {
    training,
    random: createRandom(seed),
    epoch: 1,
    signal: new AbortController().signal,
  })
  /** How far each value moved, in deviations of the column. */
  const moved = valuesOf(made, 'feature_a').map((value, i) => value - (i % 2 === 0 ? 1 : 3))
  return { engine, made, moved }
}

const shake = { strategies: [{ type: 'shake', size: 0.5 }] }

test('both conform to what every plugin must keep', async () => {
  await testPlugin(HeavyTails)
  await testPlugin(Jitter, { plugins: [HeavyTails] })
})

test('changes rows with the probability that is set, and tells how many', async () => {
  const { engine, moved } = await augment({ ...shake, augmentation_probability: 0.3 })
  const changed = moved.filter((by) => by !== 0)
  expect(Math.abs(changed.length / ROWS - 0.3)).toBeLessThan(0.05)
  for (const by of changed) expect(by).toBeCloseTo(0.5, 2)
  const started = { augmenter: 'jitter', input_count: ROWS, probability: 0.3 }
  engine.events.assertEmitted('augmenter.started', started)
  const completed = { output_count: ROWS, augmented_count: changed.length }
  engine.events.assertEmitted('augmenter.completed', completed)
})

test('changes a row again and again, up to the most that is set', async () => {
  const config = { augmentation_probability: 1, max_augmentations_per_sample: 3 }
  const { moved, made } = await augment({ ...shake, ...config })
  for (const by of moved) expect(by).toBeCloseTo(1.5, 2)
  expect(valuesOf(made, 'other')).toEqual(valuesOf(table, 'other'))
  expect(valuesOf(table, 'feature_a').slice(0, 2)).toEqual([1, 3])
})

test('chooses among strategies by their weights', async () => {
  const { made } = await augment({
    augmentation_probability: 1,
    strategies: [
      { type: 'shake', weight: 0 },
      { type: 'blank', share: 1 },
    ],
  })
  expect(new Set(valuesOf(made, 'feature_a'))).toEqual(new Set([2]))
})

test('the same seed changes the same rows; who only looks sees them as they are', async () => {
  const [first, again, other] = await Promise.all([1, 1, 2].map((seed) => augment(shake, { seed })))
  expect(again!.moved).toEqual(first!.moved)
  expect(other!.moved).not.toEqual(first!.moved)
  expect((await augment(shake, { training: false })).made).toBe(table)
})

test('a strategy that is none is refused at its setting', async () => {
  await expect(augment({ strategies: [{ type: 'mirror' }] })).rejects.toThrow('strategies[0].type')
})

test('noise of heavy tails has deviation 1, and is large more often than a bell', async () => {
  const container = await createTestContainer({ plugins: [HeavyTails] })
  const noise = container.resolve(Noise)
  const random = createRandom(3)
  const values = Array.from({ length: 20_000 }, () => noise.draw(random))
  expect(values.reduce((sum, x) => sum + x * x, 0) / values.length).toBeCloseTo(1, 0)
  // Of a bell, 1 of 16,000 would lie beyond 4.
  expect(values.filter((x) => Math.abs(x) > 4).length).toBeGreaterThan(40)
  await container.down()
})
