// The wall around plugins, from a plugin's side: what gets through, what doesn't, and how a sandbox ends.
import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { sandboxPage } from '../scripts/sandbox-hash.mjs'
import type { LostReason } from '../src/app/remote/index.ts'
import {
  broadcast,
  floods,
  forbiddenMessages,
  hangs,
  network,
  storage,
} from './sandbox/attempts.ts'
import { openDevelopment, openSite, type Site } from './sandbox/site.ts'

let site: Site
test.beforeAll(async () => {
  test.setTimeout(120_000)
  site = await openSite()
})
test.afterAll(() => site.close())

interface Outcome {
  value?: unknown
  error?: Record<string, unknown>
  lost?: LostReason
  /** From the call to the end of the sandbox. */
  lostAfterMs?: number
  longestGapMs: number
}

interface Attempt {
  code: string
  label?: string
  path?: string
  /** Waits for the end of the sandbox, at most this long, after the call has settled. */
  waitMs?: number
}

/** Opens the page, runs module text in a fresh sandbox of it and says what became of both. */
async function attempt(page: Page, { path = '/page.html', ...rest }: Attempt): Promise<Outcome> {
  await page.goto(site.origin + path)
  return again(page, rest)
}

/** Like `attempt`, on the page as it is. */
async function again(page: Page, { code, label = 'test', waitMs = 0 }: Attempt): Promise<Outcome> {
  return page.evaluate(
    async ({ code, label, waitMs, origin }) => {
      const remote = await window.connectEngine()
      const outcome: Outcome = { longestGapMs: 0 }
      window.gaps.reset()
      const startedAt = performance.now()
      const ended = new Promise<void>((resolve) => {
        remote.onLost((lost) => {
          Object.assign(outcome, { lost, lostAfterMs: performance.now() - startedAt })
          resolve()
        })
      })
      try {
        const value = await remote.api.command(label, { code, origin })
        outcome.value = value instanceof ArrayBuffer ? value.byteLength : value
      } catch (error) {
        const { name, message, stack } = error as Error
        outcome.error = { ...(error as object), name, message, stack }
      }
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, waitMs))])
      outcome.longestGapMs = window.gaps.max()
      remote.dispose()
      return outcome
    },
    { code, label, waitMs, origin: site.origin },
  )
}

/**
 * Repeats an attempt that left the page unresponsive for 50 ms or more, twice at most: what the sandbox
 * does to the page it does each time, what else runs on this machine doesn't.
 */
async function responsiveAttempt(page: Page, details: Attempt): Promise<Outcome> {
  let outcome = await attempt(page, details)
  for (let round = 1; round <= 2 && outcome.longestGapMs >= 50; round++) {
    outcome = await attempt(page, details)
  }
  test.info().annotations.push({
    type: 'measured',
    description: `lost after ${outcome.lostAfterMs} ms, longest gap ${outcome.longestGapMs} ms`,
  })
  expect(outcome.longestGapMs).toBeLessThan(50)
  return outcome
}

const answers = { code: `export default () => 'alive'` }

test.describe('a fresh sandbox', () => {
  test('answers', async ({ page }) => {
    expect((await attempt(page, answers)).value).toBe('alive')
  })

  test('is a secure context with WebGPU and WebAssembly, of no origin', async ({ page }) => {
    const { value } = await attempt(page, {
      code: `export default async () => ({
        origin, isSecureContext,
        gpu: (await navigator.gpu?.requestAdapter()) != null,
        wasm: await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(String),
      })`,
    })
    expect(value).toEqual({
      origin: 'null',
      isSecureContext: true,
      gpu: true,
      wasm: '[object WebAssembly.Module]',
    })
  })

  test('passes errors on with all their fields', async ({ page }) => {
    const source = { file: 'plugins/x.ts', line: 3, column: 7 }
    const { error } = await attempt(page, {
      code: `export default () => {
        throw Object.assign(new Error('No more data.'), {
          [Symbol.for('plugboard.error')]: true, code: 'data.empty', plugin: 'x', stage: 'start',
          hook: 'onTrainBegin', hint: 'Add rows.', source: ${JSON.stringify(source)},
          cause: new RangeError('inner'),
        })
      }`,
    })
    expect(error).toMatchObject({
      name: 'EngineError',
      code: 'data.empty',
      message: 'No more data.',
      plugin: 'x',
      stage: 'start',
      hook: 'onTrainBegin',
      hint: 'Add rows.',
      source,
    })
    expect(error?.stack).toContain('blob:')
  })

  test('gets shipped files, and no others', async ({ page }) => {
    const { value } = await attempt(page, {
      code: `export default async ({ asset }) => [
        [...new Uint8Array(await asset('data/sample.bin'))],
        (await asset('wasm/tfjs-backend-wasm-simd.wasm')).byteLength > 100_000,
        await asset('data/none.bin').catch(({ message }) => message),
        await asset('../page.html').catch(({ message }) => message),
      ]`,
    })
    expect(value).toEqual([
      [1, 2, 3],
      true,
      "There is no file 'data/none.bin' shipped with Plugboard.",
      "There is no file '../page.html': neither in this workspace nor shipped under data/.",
    ])
  })

  test('may send a large prediction', async ({ page }) => {
    const { value, lost } = await attempt(page, {
      code: `export default () => new Float32Array(5e6).buffer`,
      waitMs: 300,
    })
    expect(lost).toBeUndefined()
    expect(value).toBe(20_000_000)
  })

  test('refuses to run outside a sandboxed frame', async ({ page }) => {
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(`${site.origin}/sandbox.html`)
    expect(errors).toEqual(['The sandbox page runs only in a frame with sandbox="allow-scripts".'])
  })
})

// Each wall must hold alone: the policy without the deletions of the bootstrap as well.
for (const [wall, path] of Object.entries({ both: '/page.html', policy: '/bare/page.html' })) {
  test(`no request leaves the sandbox (walls: ${wall})`, async ({ page }) => {
    const { value } = await attempt(page, { code: network, path })
    await page.evaluate(() => fetch('/leak/control'))
    await expect.poll(() => site.requests).toContain('GET /leak/control')
    const leaks = site.requests.filter((line) => /leak|UPGRADE|DATAGRAM|OPTIONS/.test(line))
    expect(leaks.filter((line) => line !== 'GET /leak/control')).toEqual([])
    expectRefused(value)
  })

  test(`no storage is in reach (walls: ${wall})`, async ({ page }) => {
    await page.goto(site.origin + path)
    await page.evaluate(() => {
      localStorage.setItem('secret', '1')
      document.cookie = 'secret=1'
    })
    expectRefused((await again(page, { code: storage })).value)
  })

  test(`no broadcast reaches the page (walls: ${wall})`, async ({ page }) => {
    await page.goto(site.origin + path)
    await page.evaluate(() => {
      const heard: unknown[] = []
      Object.assign(window, { heard })
      new BroadcastChannel('plugboard').onmessage = ({ data }) => heard.push(data)
      const own = new BroadcastChannel('plugboard')
      own.postMessage('control')
    })
    await again(page, { code: broadcast, waitMs: 200 })
    expect(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([
      'control',
    ])
  })
}

function expectRefused(ended: unknown) {
  const entries = Object.entries(ended as Record<string, string>)
  expect(entries.length).toBeGreaterThan(0)
  expect(entries.filter(([, outcome]) => !outcome.startsWith('refused'))).toEqual([])
}

test('forged replies and reports change nothing', async ({ page }) => {
  const { value, lost } = await attempt(page, {
    code: `export default async ({ ports }) => {
      const { rpc, activity } = ports
      rpc.postMessage({ id: 'guess', type: 'RAW', value: 'forged' })
      rpc.postMessage({ id: 'guess', type: 'HANDLER', name: 'proxy', value: {} })
      rpc.postMessage({ type: 'APPLY', path: ['constructor', 'constructor'], argumentList: [] })
      activity.postMessage(['ready'])
      activity.postMessage(['failed', 'forged'])
      activity.postMessage({ type: 'lost' })
      postMessage({ type: 'plugboard.open' })
      return 'alive'
    }`,
    waitMs: 500,
  })
  expect(lost).toBeUndefined()
  expect(value).toBe('alive')
})

for (const [what, code] of Object.entries(forbiddenMessages)) {
  test(`${what}: ends the sandbox`, async ({ page }) => {
    const { lost } = await responsiveAttempt(page, { code, waitMs: 2000 })
    expect(lost?.kind).toBe('invalid')
  })
}

for (const [channel, code] of Object.entries(floods)) {
  test(`a flood is cut off: ${channel}`, async ({ page }) => {
    const outcome = await responsiveAttempt(page, { code, label: 'noisy.onStepEnd', waitMs: 3000 })
    expect(outcome.lost).toMatchObject({ kind: 'flood', culprit: 'noisy.onStepEnd' })
    expect(outcome.error?.name).toBe('SandboxLostError')
  })
}

for (const [where, code] of Object.entries(hangs)) {
  test(`an endless loop ends within 2 s: ${where}`, async ({ page }) => {
    const outcome = await responsiveAttempt(page, {
      code,
      label: 'early_stopping.onEpochEnd',
      waitMs: 5000,
    })
    expect(outcome.lost).toMatchObject({ kind: 'hang', culprit: 'early_stopping.onEpochEnd' })
    expect(outcome.lostAfterMs).toBeLessThan(2000)
    expect((await again(page, answers)).value).toBe('alive')
  })
}

test('slow work that gives signs of life survives', async ({ page }) => {
  const { value, lost } = await attempt(page, {
    code: `export default ({ beat }) => {
      const end = performance.now() + 4000
      while (performance.now() < end) beat()
      return 'done'
    }`,
  })
  expect(lost).toBeUndefined()
  expect(value).toBe('done')
})

test('a long kernel, marked as such, survives without a sign of life; what follows it is watched', async ({
  page,
}) => {
  const code = (after: string) => `export default ({ work }) => {
      const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end) {} }
      work('Conv2D')
      spin(4000)
      work('')
      spin(${after})
      return 'done'
    }`
  expect((await attempt(page, { code: code('0') })).value).toBe('done')
  expect((await again(page, { code: code('Infinity') })).lost?.kind).toBe('hang')
})

test('out of memory: the sandbox dies, the page lives', async ({ page }) => {
  const { lost } = await attempt(page, {
    code: `export default async ({ beat }) => {
      const hoard = []
      for (;;) {
        hoard.push(Array.from({ length: 1e6 }, (_, i) => ({ i })))
        beat()
      }
    }`,
    label: 'hoarder.initialize',
    waitMs: 30_000,
  })
  expect(lost?.culprit).toBe('hoarder.initialize')
  expect((await again(page, answers)).value).toBe('alive')
})

test('the development server serves the same sandbox page, and an engine for it', async ({
  page,
}) => {
  const { origin, close } = await openDevelopment()
  try {
    const served = await page.request.get(`${origin}/sandbox.html`)
    expect(await served.text()).toBe(await readFile(sandboxPage, 'utf8'))
    await page.goto(`${origin}/page.html`)
    await expect.poll(() => page.evaluate(() => typeof window.connectEngine)).toBe('function')
    expect((await again(page, answers)).value).toBe('alive')
  } finally {
    await close()
  }
})
