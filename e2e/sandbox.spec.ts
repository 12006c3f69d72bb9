// The wall around plugins, from a plugin's side: what gets through and what doesn't.
import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { sandboxPage } from '../scripts/sandbox-hash.mjs'
import { answers, broadcast, network, storage } from './sandbox/attempts.ts'
import { test } from './sandbox/fixtures.ts'
import { openDevelopment } from './sandbox/site.ts'

test.describe('a fresh sandbox', () => {
  test('answers', async ({ attempt }) => {
    expect((await attempt(answers)).value).toBe('alive')
  })

  test('is a secure context with WebGPU and WebAssembly, of no origin', async ({ attempt }) => {
    const { value } = await attempt({
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

  test('passes errors on with all their fields', async ({ attempt }) => {
    const source = { file: 'plugins/x.ts', line: 3, column: 7 }
    const { error } = await attempt({
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

  test('gets shipped files, and no others', async ({ attempt }) => {
    const { value } = await attempt({
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

  test('may send a large prediction', async ({ attempt }) => {
    const { value, lost } = await attempt({
      code: `export default () => new Float32Array(5e6).buffer`,
      waitMs: 300,
    })
    expect(lost).toBeUndefined()
    expect(value).toBe(20_000_000)
  })

  test('refuses to run outside a sandboxed frame', async ({ page, site }) => {
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(`${site.origin}/sandbox.html`)
    expect(errors).toEqual(['The sandbox page runs only in a frame with sandbox="allow-scripts".'])
  })
})

// Each wall must hold alone: the policy without the deletions of the bootstrap as well.
for (const [wall, path] of Object.entries({ both: '/page.html', policy: '/bare/page.html' })) {
  test(`no request leaves the sandbox (walls: ${wall})`, async ({ page, site, attempt }) => {
    const { value } = await attempt({ code: network, path })
    await page.evaluate(() => fetch('/leak/control'))
    await expect.poll(() => site.requests).toContain('GET /leak/control')
    const leaks = site.requests.filter((line) => /leak|UPGRADE|DATAGRAM|OPTIONS/.test(line))
    expect(leaks.filter((line) => line !== 'GET /leak/control')).toEqual([])
    expectRefused(value)
  })

  test(`no storage is in reach (walls: ${wall})`, async ({ page, site, again }) => {
    await page.goto(site.origin + path)
    await page.evaluate(() => {
      localStorage.setItem('secret', '1')
      document.cookie = 'secret=1'
    })
    expectRefused((await again({ code: storage })).value)
  })

  test(`no broadcast reaches the page (walls: ${wall})`, async ({ page, site, again }) => {
    await page.goto(site.origin + path)
    await page.evaluate(() => {
      const heard: unknown[] = []
      Object.assign(window, { heard })
      new BroadcastChannel('plugboard').onmessage = ({ data }) => heard.push(data)
      const own = new BroadcastChannel('plugboard')
      own.postMessage('control')
    })
    await again({ code: broadcast, waitMs: 200 })
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

test('forged replies and reports change nothing', async ({ attempt }) => {
  const { value, lost } = await attempt({
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

test('the development server serves the same sandbox page, and an engine for it', async ({
  page,
  again,
}) => {
  const { origin, close } = await openDevelopment()
  try {
    const served = await page.request.get(`${origin}/sandbox.html`)
    expect(await served.text()).toBe(await readFile(sandboxPage, 'utf8'))
    await page.goto(`${origin}/page.html`)
    await expect.poll(() => page.evaluate(() => typeof window.connectEngine)).toBe('function')
    expect((await again(answers)).value).toBe('alive')
  } finally {
    await close()
  }
})
