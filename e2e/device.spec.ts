// Every device trains the same models to the same losses, inside the real sandbox.
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import { build, loadConfigFromFile } from 'vite'
import type { Job, Outcome } from './device/train.ts'
import { test } from './sandbox/fixtures.ts'
import type { Site } from './sandbox/site.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const models: Omit<Job, 'device'> = {
  steps: 4,
  mlp: { sizes: [20, 12, 5], batch: 8 },
  cnn: { side: 8, channels: 3, batch: 4 },
  gpt: { layers: 2, heads: 2, width: 16, context: 8, batch: 2, vocabulary: 11 },
}

let trainer: string
test.beforeAll(async () => {
  test.setTimeout(120_000)
  trainer = await bundle('device/train.ts')
})

/** One module text of a file of this folder and all that it imports. */
async function bundle(entry: string): Promise<string> {
  const app = await loadConfigFromFile(
    { command: 'build', mode: 'production' },
    file('../vite.config.ts'),
  )
  const output = await build({
    configFile: false,
    root: file('.'),
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: app?.config.resolve?.alias ?? [] },
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      rolldownOptions: {
        input: file(entry),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', codeSplitting: false },
      },
    },
  })
  const [chunk] = 'output' in output ? output.output : []
  if (chunk?.type !== 'chunk') throw new Error(`${entry} was not bundled into one chunk`)
  return chunk.code
}

async function train(page: Page, { origin }: Site, job: Job): Promise<Outcome> {
  await page.goto(`${origin}/page.html`)
  const code = `globalThis.job = ${JSON.stringify(job)}\n${trainer}`
  return page.evaluate(async (code) => {
    const remote = await window.connectEngine()
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

test("[W06] without hardware, 'auto' takes WebAssembly and says why", async ({ page, site }) => {
  const { info } = await train(page, site, { steps: 2, device: 'auto' })
  expect(info).toMatchObject({ backend: 'wasm', label: 'CPU via WebAssembly' })
  expect(info.reason).toMatch(
    /^no WebGPU here \(only a software WebGPU adapter .*\); no WebGL here/,
  )
})
