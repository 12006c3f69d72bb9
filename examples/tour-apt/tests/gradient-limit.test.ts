// Clipping: the numbers by hand, and the course of a run.
import * as tf from '@tensorflow/tfjs'
import type { HookArgs } from 'plugboard'
import {
  createTestEngine,
  describe,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import GradientLimit from '../plugins/gradient-limit.ts'

const settings = (config: Record<string, unknown>) => ({ use: { gradient_limit: { config } } })

/** What becomes of the gradients [3, 0] and [[-4]], and the size that was told. */
async function limited(config: Record<string, unknown>, values: Record<string, number> = {}) {
  const engine = await createTestEngine({
    plugins: [GradientLimit],
    config: { plugins: settings(config) },
  })
  await engine.up()
  const sizes: number[] = []
  const run = {
    values,
    observe: ({ gradient_size: size }: Record<string, tf.Scalar>) =>
      void sizes.push(size!.dataSync()[0]!),
  }
  const gradients = new Map<string, tf.Tensor>([
    ['a', tf.tensor1d([3, 0])],
    ['b', tf.tensor2d([[-4]])],
  ])
  const args = { run, epoch: 1, step: 1, gradients, isLast: true }
  const result = engine
    .instance<GradientLimit>('gradient_limit')
    .onBackwardEnd(args as unknown as HookArgs<'onBackwardEnd'>)!
  const [a, b] = ['a', 'b'].map((path) => [...result.get(path)!.dataSync()])
  return { a, b, size: sizes[0]! }
}

const about = (...numbers: number[]) => numbers.map((number) => expect.closeTo(number, 5))

test('conforms to what every plugin must keep', () => testPlugin(GradientLimit))

describe('[A19] gradients', () => {
  test('are shortened together, by the norm over all of them', async () => {
    const euclidean = { a: about(0.6, 0), b: about(-0.8), size: 5 }
    expect(await limited({ limit: 1 })).toEqual(euclidean)
    const sum = { a: about(3 / 7, 0), b: about(-4 / 7), size: 7 }
    expect(await limited({ limit: 1, norm_type: 1 })).toEqual(sum)
    const largest = { a: about(0.75, 0), b: about(-1), size: 4 }
    expect(await limited({ limit: 1, norm_type: 'inf' })).toEqual(largest)
  })

  test('that are short enough stay', async () => {
    expect(await limited({ limit: 6 })).toEqual({ a: about(3, 0), b: about(-4), size: 5 })
  })

  test('are cut value by value', async () => {
    const cut = { a: about(3, 0), b: about(-3.5), size: 4 }
    expect(await limited({ by: 'value', limit: 3.5 })).toEqual(cut)
  })

  test('are held to the scheduled limit, where there is one', async () => {
    const { a, b } = await limited({ limit: 100 }, { gradient_limit: 2.5 })
    expect([a, b]).toEqual([about(1.5, 0), about(-2)])
  })
})

test('[A15] a limit by step is in force and in the charts', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin, GradientLimit],
    config: {
      experiment: lineExperiment(),
      schedules: { values: { gradient_limit: { start: 0.004, end: 0.001, by: 'step' } } },
    },
  })
  await engine.run()
  const points = engine.events.data('run.metrics').flatMap((data) => data.points)
  const limits = points.flatMap(({ values }) => values['gradient_limit'] ?? [])
  expect(limits).toEqual([0.004, 0.003, 0.002, 0.001].map((limit) => expect.closeTo(limit, 6)))
  engine.events.assertEmitted('log', { message: 'epoch 1: limited 4 of 4 gradients' })
})

test('[A21] is refused beside the built-in of its purpose, with both names', async () => {
  const engine = await createTestEngine({
    plugins: [GradientLimit],
    config: { plugins: { use: { gradient_clipping: {} } } },
  })
  await expect(engine.up()).rejects.toThrow(
    'gradient_limit and gradient_clipping cannot run side by side',
  )
})
