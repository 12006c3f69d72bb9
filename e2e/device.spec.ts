// Every device trains the same models to the same losses, inside the real sandbox.
import { expect, type Page } from '@playwright/test'
import { differences } from '../src/plugins/testing/given.ts'
import { bundle, callInPage } from './device/page.ts'
import type { PartsJob, PartsOutcome } from './device/parts.ts'
import type { ProductsJob } from './device/products.ts'
import type { RunJob, RunOutcome } from './device/runs.ts'
import type { Job, Outcome } from './device/train.ts'
import { test } from './sandbox/fixtures.ts'
import type { Site } from './sandbox/site.ts'

const models: Omit<Job, 'device'> = {
  steps: 4,
  mlp: { sizes: [20, 12, 5], batch: 8 },
  cnn: { side: 8, channels: 3, batch: 4 },
  gpt: { layers: 2, heads: 2, width: 16, context: 8, batch: 2, vocabulary: 11 },
}

let trainer: string
let parts: string
let runs: string
let products: string
test.beforeAll(async () => {
  test.setTimeout(120_000)
  trainer = await bundle('train.ts')
  parts = await bundle('parts.ts')
  runs = await bundle('runs.ts')
  products = await bundle('products.ts')
})

async function train(page: Page, { origin }: Site, job: Job): Promise<Outcome> {
  await page.goto(`${origin}/page.html`)
  const code = `globalThis.job = ${JSON.stringify(job)}\n${trainer}`
  return page.evaluate(async (code) => {
    const remote = await window.connectEngine({ device: 'cpu' })
    try {
      return (await remote.api.command('train', { code, origin: '' })) as Outcome
    } finally {
      remote.dispose()
    }
  }, code)
}

let expected: Outcome
test('the CPU in JavaScript trains: the reference', async ({ page, site }) => {
  expected = await train(page, site, { ...models, device: 'cpu' })
  expect(expected.info).toMatchObject({ backend: 'cpu', isSoftware: false })
  for (const [name, losses] of Object.entries(expected.losses)) {
    expect(losses, name).toHaveLength(models.steps)
    expect(losses.at(-1), name).toBeLessThan(losses[0] ?? 0)
  }
})

for (const device of ['wasm', 'webgl', 'webgpu'] as const) {
  test(`${device} trains to the same losses`, async ({ page, site }) => {
    const outcome = await train(page, site, { ...models, device })
    expect(outcome.info.backend).toBe(device)
    expect(outcome.info.isSoftware).toBe(device !== 'wasm')
    expect(outcome.errors).toEqual([])
    expect(outcome.beats).toBe(expected.beats)
    expect(outcome.tensorsLeft).toBe(expected.tensorsLeft)
    for (const [name, losses] of Object.entries(expected.losses)) {
      losses.forEach((loss, step) =>
        expect(Math.abs((outcome.losses[name]?.[step] ?? Number.NaN) - loss)).toBeLessThan(1e-3),
      )
    }
  })
}

const tryParts = (page: Page, site: Site, job: PartsJob) =>
  callInPage<PartsOutcome>(page, site, parts, job)

test('every built-in part computes on every device what it computes on the CPU', async ({
  page,
  site,
}) => {
  test.setTimeout(600_000)
  const { given } = await tryParts(page, site, { device: 'cpu' })
  const all = Object.entries(given).filter(([, values]) => Array.isArray(values))
  // Of each part the last try, which has most to it: all of them take some minutes.
  const last = Object.fromEntries(all.map((it) => [it[0].split(' ')[0]!, it]))
  const wanted = Object.fromEntries(process.env['EVERY_TRY'] ? all : Object.values(last))
  for (const device of ['webgl', 'webgpu'] as const) {
    const found = await tryParts(page, site, { device, titles: Object.keys(wanted) })
    test.info().annotations.push({
      type: 'measured',
      description: `${device}: ${Math.round(found.durationMs)} ms`,
    })
    expect(found.errors).toEqual([])
    expect(differences(wanted, found.given), device).toEqual([])
  }
})

test('every variant of products computes what it means', async ({ page, site }) => {
  const variants = ['blocks', 'quads', 'tiles'] as const
  // A partial block each way; an inner dimension that several invocations share.
  const sizes = [
    [3, 21, 7, 19],
    [1, 16, 70, 33],
  ] as const
  const job: ProductsJob = { variants, sizes }
  const found = await callInPage<Record<string, number>>(page, site, products, job)
  expect(Object.keys(found)).toHaveLength(variants.length * sizes.length)
  for (const [name, difference] of Object.entries(found))
    expect(difference, name).toBeLessThan(1e-4)
})

const runOn = (page: Page, site: Site, job: RunJob) => callInPage<RunOutcome>(page, site, runs, job)

/** A GPT with all that changes a step. */
const experiment = {
  seed: 3,
  dataset: { name: 'copy', config: { rows: 40, length: 3, vocabulary: 5 } },
  validation_split: 0.1,
  model: { name: 'gpt', config: { layers: 1, heads: 2, width: 8, dropout: 0.1 } },
  training: {
    epochs: 100,
    max_steps: 4,
    batch_size: 4,
    accumulate: 2,
    checkpoint_every_steps: 2,
    optimizer: { name: 'adamw', config: { learning_rate: 0.01, weight_decay: 0.1 } },
    schedule: { name: 'cosine', config: { warmup_steps: 1, final: 0.1 } },
    loss: { name: 'cross_entropy', config: { label_smoothing: 0.1 } },
    metrics: ['exact_match', 'perplexity'],
  },
}
/** Callbacks that only look take most of the time, for their many kernels. */
const every = { config: { every_steps: 2 } }
const lookers = {
  gradient_histograms: every,
  weight_histograms: every,
  activations: every,
  attention_maps: every,
  embedding_projection: every,
}
const callbacks = {
  gradient_clipping: {},
  ema: {},
  update_ratio: every,
  ...(process.env['EVERY_TRY'] && lookers),
}
const configOf = (changes: object = {}) =>
  JSON.stringify({ plugins: { use: callbacks }, experiment: { ...experiment, ...changes } })

/** Fails unless the steps `from` to `to` have the losses that they have in `wanted`, and nothing else went wrong. */
function expectSameLosses(found: RunOutcome, wanted: RunOutcome, from: number, to: number): void {
  expect(found.errors).toEqual([])
  for (let step = from; step <= to; step++) {
    const [loss, other] = [found.values[step]?.['loss'], wanted.values[step]?.['loss']]
    expect(Math.abs(loss! - other!), `step ${step}: ${loss}, not ${other}`).toBeLessThan(1e-3)
  }
}

test('a device that is taken away ends the run, which goes on from its checkpoint or that of another one', async ({
  page,
  site,
}) => {
  test.setTimeout(600_000)
  const config = configOf()
  const whole = await runOn(page, site, { device: 'cpu', config })
  expectSameLosses(whole, whole, 1, 4)
  for (const device of ['wasm', 'webgl', 'webgpu'] as const) {
    // WebAssembly cannot go away.
    const canGo = device !== 'wasm'
    const begun = await runOn(page, site, { device, config, ...(canGo && { loseAfter: 3 }) })
    expect(begun.reason, device).toBe(canGo ? 'failed' : 'finished')
    expect(begun.error?.code, begun.error?.message).toBe(canGo ? 'device.lost' : undefined)
    if (canGo) expect(begun.error?.hint).toContain('go on from the last checkpoint')
    expectSameLosses(begun, whole, 1, 3)
    for (const from of [begun.checkpoints[2]!, whole.checkpoints[2]!]) {
      const resumed = await runOn(page, site, { device, config, from })
      expect(resumed.error).toBeUndefined()
      expect(resumed.values[2]).toBeUndefined()
      expectSameLosses(resumed, whole, 3, 4)
    }
  }
})

test('a run that is too large for the graphics processor says by how much', async ({
  page,
  site,
}) => {
  const dataset = { name: 'copy', config: { rows: 64, length: 500 } }
  const model = { name: 'gpt', config: { layers: 1, heads: 64, width: 64 } }
  const training = { ...experiment.training, batch_size: 64 }
  const config = configOf({ dataset, model, training })
  const { reason, error } = await runOn(page, site, { device: 'webgpu', config })
  expect(reason).toBe('failed')
  expect(error).toMatchObject({ code: 'device.memory' })
  expect(error?.message).toMatch(/takes no tensor of \d+ bytes; its limit is \d+/)
})

test("[W06] without hardware, 'auto' takes WebAssembly and says why", async ({ page, site }) => {
  const { info } = await train(page, site, { steps: 2, device: 'auto' })
  expect(info).toMatchObject({ backend: 'wasm', label: 'CPU via WebAssembly' })
  expect(info.reason).toMatch(
    /^no WebGPU here \(only a software WebGPU adapter .*\); no WebGL here/,
  )
})
