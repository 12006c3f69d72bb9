// The mixture of experts in a run of the real engine: switched on and off by a schedule, on WebAssembly.
import { beforeAll, describe, expect, test } from 'vitest'
import type { EngineEvent } from '#protocol'
import { dataOf, expectNoTrouble, runWorkspace } from '../examples/run-workspace.ts'

const MINUTES = 60_000

/** Forty words, so that an epoch has few steps. */
const words = `import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'words', version: '1.0.0' } }) {
  initialize() {
    const data = Array.from({ length: 40 }, (_, i) => 'abcde'.slice(i % 3) + 'ab'.repeat(i % 2))
    const text = { type: 'text' as const, data }
    this.ctx.provide('dataset', 'words', () => ({
      load: () => Promise.resolve({ length: data.length, columns: { text } }),
    }))
  }
}
`

/** Reports how far the second expert is from the first, after each epoch. */
const probe = `import * as tf from '@tensorflow/tfjs'
import { type HookArgs, parametersOf, plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'probe', version: '1.0.0' } }) {
  async onEpochEnd({ run }: HookArgs<'onEpochEnd'>) {
    const weights = parametersOf(run.model)
    const [a, b] = [0, 1].map((i) => weights.get('layers.0.ffn.experts.' + i + '.up.weight')!)
    const gap = tf.tidy(() => a!.sub(b!).abs().max())
    const [apart = Number.NaN] = await gap.data()
    gap.dispose()
    run.report({ apart })
  }
}
`

/** Scores all experts alike: a router of a workspace. */
const even = `import * as tf from '@tensorflow/tfjs'
import { Module, plugin } from 'plugboard'
class Even extends Module<tf.Tensor2D, { weights: tf.Tensor2D }> {
  readonly experts: number
  constructor(experts: number) {
    super()
    this.experts = experts
  }
  forward(tokens: tf.Tensor2D) {
    return { weights: tf.fill<tf.Rank.R2>([tokens.shape[0], this.experts], 1 / this.experts) }
  }
}
export default class extends plugin({
  manifest: { name: 'even', version: '1.0.0', provides: ['router/even'] },
}) {
  initialize() {
    this.ctx.provide('router', 'even', (_, { experts }) => new Even(experts))
  }
}
`

const project = (router: string, schedule: string) => `experiment:
  dataset: words
  validation_split: 0.2
  tokenizer: char
  preprocess: [{ name: next_token, config: { context: 8 } }]
  model:
    name: gpt
    config:
      { layers: 2, heads: 2, width: 8, ffn: { name: moe, config: { experts: 3, router: ${router} } } }
  training: { epochs: 5, batch_size: 8 }
schedules:
  plugins: ${schedule}
  values: { heat: { start: 4, end: 1 } }
`

const train = (router: string, schedule: string, files: Record<string, string> = {}) =>
  runWorkspace(
    new Map([
      ['plugboard.yaml', project(router, schedule)],
      ['plugins/words.ts', words],
      ...Object.entries(files),
    ]),
    'wasm',
  )

/** Values of a metric by epoch. */
function byEpoch(events: EngineEvent[], metric: string): number[][] {
  const epochs: number[][] = []
  for (const { points } of dataOf(events, 'run.metrics'))
    for (const { epoch, values } of points)
      if (metric in values) (epochs[epoch - 1] ??= []).push(values[metric]!)
  return epochs
}

describe('[A24] a mixture of experts', () => {
  let events: EngineEvent[]
  beforeAll(async () => {
    const router = '{ name: top_k, config: { temperature: heat, noise: 0.5 } }'
    const schedule = '{ moe: { enable_at_epoch: 3, disable_at_epoch: 5 } }'
    events = await train(router, schedule, { 'plugins/probe.ts': probe })
  }, 3 * MINUTES)

  test('has its parameters from the beginning', () => {
    expectNoTrouble(events)
    const paths = dataOf(events, 'run.begin')[0]!.parameters.map(({ path }) => path)
    expect(paths).toContain('layers.1.ffn.router.gate.weight')
    expect(paths).toContain('layers.1.ffn.experts.2.down.weight')
  })

  test('is one plain network until its epoch comes, and even again when it is switched off', () => {
    const loads = byEpoch(events, 'expert_load_1.layers.1.ffn')
    const third = Math.fround(1 / 3)
    for (const epoch of [0, 1, 4])
      for (const load of loads[epoch]!) expect(load).toBeCloseTo(third, 5)
    for (const epoch of [2, 3])
      expect(loads[epoch]!.some((load) => Math.abs(load - third) > 0.01)).toBe(true)
    const apart = byEpoch(events, 'apart').flat()
    expect(apart.slice(0, 2)).toEqual([0, 0])
    expect(apart[2]).toBeGreaterThan(1e-4)
  })

  test('adds its balance to the loss of those epochs, and draws it', () => {
    const balance = byEpoch(events, 'aux_loss')
    for (const epoch of [0, 1, 4]) for (const value of balance[epoch]!) expect(value).toBe(0)
    // Two layers, each 0.01 when all experts are used alike.
    for (const epoch of [2, 3])
      for (const value of balance[epoch]!) expect(value).toBeGreaterThan(0.015)
    expect(byEpoch(events, 'heat').map(([first]) => first)).toEqual([4, 3.25, 2.5, 1.75, 1])
  })

  test('goes on from where the plain network has got to', () => {
    const losses = byEpoch(events, 'loss')
    const [before, after] = [losses[1]!.at(-1)!, losses[2]![0]!]
    expect(Math.abs(after - before)).toBeLessThan(0.3)
  })
})

test(
  'a router of the workspace takes the place of the built-in one',
  async () => {
    const events = await train('even', '{}', { 'plugins/even.ts': even })
    expectNoTrouble(events)
    expect(byEpoch(events, 'aux_loss')).toEqual([])
    expect(byEpoch(events, 'expert_load_0.layers.0.ffn').flat().at(-1)).toBeCloseTo(1 / 3)
  },
  MINUTES,
)

test(
  'a temperature that no schedule has is named before the first step',
  async () => {
    const router = '{ name: top_k, config: { temperature: warmth } }'
    const ended = dataOf(await train(router, '{}'), 'run.state').at(-1)
    expect(ended).toMatchObject({
      reason: 'failed',
      step: 0,
      error: { message: expect.stringContaining('`warmth`, but the schedules have heat') },
    })
  },
  MINUTES,
)
