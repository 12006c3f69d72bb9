// npm run bench:workbench: how quick the page is: start, typing and swapping while a training runs, long tasks.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium, SOFTWARE_WEBGPU } from '../scripts/chromium.mjs'
import { buildIfStale, serve } from '../scripts/site.mjs'
import { describeMachine, loadNow, markdown } from './tables.mjs'

/** @import { BrowserContext, Page } from '@playwright/test' */
/** @import { Seen } from './seen.ts' */

const STARTS = 7
const KEYS = 200
const KEY_EVERY_MS = 80
const SWAPS = 9
/** A plugin of the example that a first visit opens. */
const FILE = 'step-log.ts'
/** Where the plugin below writes its version. */
const LOG_LINE = 9

const folder = await mkdtemp(join(tmpdir(), 'plugboard-bench-'))
try {
  const executablePath = findChromium()
  await buildIfStale()
  const site = await serve(4290)
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: [...CHROMIUM_ARGS, SOFTWARE_WEBGPU],
    viewport: { width: 1440, height: 900 },
  })
  try {
    await context.addInitScript(watch)
    const atStart = loadNow()
    const starts = await measureStarts(context, site.url)
    const work = await measureWork(context, site.url)
    console.log(
      `${describeMachine()}, Chromium ${context.browser()?.version() ?? ''}, load ${atStart.toFixed(1)} to ${loadNow().toFixed(1)}\n`,
    )
    console.log(report(starts, work).join('\n'))
  } finally {
    await context.close()
    await site.close()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Runs in the page before its own code. Times are in ms since the page was asked for. */
function watch() {
  /** @type {Seen} */
  const seen = { keys: [], tasks: [], editedAt: 0, swaps: [], wanted: '' }
  Object.assign(globalThis, { seen })
  const look = () => {
    const { editor, engine } = seen
    if (editor === undefined && document.querySelector('.monaco-editor .view-line span span'))
      seen.editor = performance.now()
    if (engine === undefined && document.querySelector('[aria-label^="Device:"][aria-label*="·"]'))
      seen.engine = performance.now()
    const lines = document.querySelectorAll('.log-text')
    if (seen.wanted !== '' && lines[lines.length - 1]?.textContent?.includes(seen.wanted)) {
      seen.swaps.push(performance.now() - seen.editedAt)
      seen.wanted = ''
    }
  }
  const whole = { childList: true, subtree: true, characterData: true, attributes: true }
  new MutationObserver(look).observe(document, whole)
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(duration)
  }).observe({ type: 'longtask' })
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      seen.editedAt = timeStamp
      // The message comes after the frame that the key changed.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => seen.keys.push(performance.now() - timeStamp)
        port2.postMessage(undefined)
      })
    },
    true,
  )
}

/** @param {BrowserContext} context @param {string} url */
async function open(context, url) {
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => globalThis.seen.editor && globalThis.seen.engine)
  return page
}

/**
 * Opens the page again and again; the first visit only fills the browser's cache.
 * @param {BrowserContext} context
 * @param {string} url
 */
async function measureStarts(context, url) {
  const starts = []
  for (let turn = 0; turn <= STARTS; turn++) {
    const page = await open(context, url)
    // A cache is warm once all that a first sight does not need is there as well.
    await page.waitForTimeout(turn === 0 ? 5000 : 500)
    const start = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      editor: globalThis.seen.editor ?? NaN,
      engine: globalThis.seen.engine ?? NaN,
    }))
    if (turn > 0) starts.push(start)
    await page.close()
  }
  return starts
}

/** @param {BrowserContext} context @param {string} url */
async function measureWork(context, url) {
  await context.addInitScript(() => {
    localStorage.setItem('plugboard.preferences', JSON.stringify({ device: 'wasm' }))
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await open(context, url)
  await page.locator('.dock-tab', { hasText: 'Console' }).click()
  await openFile(page, FILE)
  await paste(page, plugin(-1))
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('.log-text', { hasText: 'step 20' }).first().waitFor()
  await page.evaluate(() => {
    globalThis.seen.keys.length = 0
    globalThis.seen.tasks.length = 0
  })

  await page.keyboard.press('Control+End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('// ')
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press('abcdefghij klmnopqr'[key % 19] ?? 'x')
    await page.waitForTimeout(KEY_EVERY_MS)
  }
  const keys = await page.evaluate(() => globalThis.seen.keys)
  const pasted = []
  for (let version = 0; version < SWAPS; version++)
    pasted.push(await swap(page, version, () => paste(page, plugin(version))))
  // To the end of the number in the text.
  await page.keyboard.press('Control+Home')
  for (let line = 1; line < LOG_LINE; line++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  for (const _ of "')") await page.keyboard.press('ArrowLeft')
  const typed = []
  for (let version = SWAPS; version < 2 * SWAPS; version++) {
    const edit = async () => {
      for (const _ of `${version - 1}`) await page.keyboard.press('Backspace')
      for (const digit of `${version}`) await page.keyboard.press(digit)
    }
    typed.push(await swap(page, version, edit))
  }
  const tasks = await page.evaluate(() => globalThis.seen.tasks)
  await page.close()
  return { keys, pasted, typed, tasks }
}

/**
 * Milliseconds from the last key of an edit until the version that it makes says that it is there.
 * @param {Page} page
 * @param {number} version
 * @param {() => Promise<void>} edit
 */
async function swap(page, version, edit) {
  await page.evaluate((text) => {
    globalThis.seen.wanted = text
  }, `swapped ${version}`)
  await edit()
  await page.waitForFunction(() => globalThis.seen.wanted === '')
  await page.waitForTimeout(1000)
  return await page.evaluate(() => globalThis.seen.swaps.at(-1) ?? NaN)
}

/** @param {Page} page @param {string} name */
async function openFile(page, name) {
  await page.getByRole('tree', { name: 'Files' }).getByText(name, { exact: true }).click()
  await page.getByRole('tab', { name, selected: true }).waitFor()
}

/** @param {Page} page @param {string} text */
async function paste(page, text) {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await page.getByRole('textbox', { name: /^plugins\// }).focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+V')
}

/**
 * A callback of 100 lines that says which version it is as soon as it is swapped in.
 * @param {number} version
 */
function plugin(version) {
  const lines = `import { every, type HookArgs, plugin, z } from 'plugboard'

export default class StepLog extends plugin({
  manifest: { name: 'step_log', version: '1.0.0', category: 'callback' },
  config: z.strictObject({ every_steps: z.int() }),
  hooks: { onMetrics: { when: every.steps(20) } },
}) {
  start() {
    this.ctx.log.info('swapped ${version}')
  }
  onMetrics({ step, metrics }: HookArgs<'onMetrics'>) {
    if (${version} < 0) this.ctx.log.info(\`step \${step}: \${metrics['loss']}\`)
  }
}`.split('\n')
  for (let i = lines.length; i < 100; i++)
    lines.push(`export const line${i} = (value: number): number => value * ${i} + 1`)
  return lines.join('\n')
}

/**
 * @param {readonly { paint: number, editor: number, engine: number }[]} starts
 * @param {{ keys: number[], pasted: number[], typed: number[], tasks: number[] }} work
 */
function report(starts, { keys, pasted, typed, tasks }) {
  /** @param {'paint' | 'editor' | 'engine'} part */
  const start = (part) => starts.map((it) => it[part])
  const rows = [
    row('first paint, warm cache', start('paint'), 'below 1,000'),
    row('editor shows its text, warm cache', start('editor'), 'below 2,500'),
    row('engine up, warm cache', start('engine'), 'below 2,000'),
    row('key to frame, while training', keys, 'p95 below 50'),
    row('100 lines pasted to swapped in', pasted, 'below 500'),
    row('last key to swapped in, 100 lines', typed, 'below 500'),
    row('long tasks of the page (over 50 ms), while training', tasks, 'none over 100'),
  ]
  return markdown([['what', 'median ms', 'p95 ms', 'longest ms', 'count', 'aim'], ...rows])
}

/** @param {string} name @param {readonly number[]} values @param {string} aim */
function row(name, values, aim) {
  const sorted = values.toSorted((a, b) => a - b)
  /** @param {number} share */
  const at = (share) => sorted[Math.ceil(share * sorted.length) - 1]?.toFixed(0) ?? '–'
  return [name, at(0.5), at(0.95), at(1), `${values.length}`, aim]
}
