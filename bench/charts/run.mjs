// npm run bench:charts: frame times of charts with many long runs, while one more streams in and a core is busy.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import react from '@vitejs/plugin-react'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { openSite } from '../site.mjs'
import { describeMachine, loadNow } from '../tables.mjs'

/** @import { Page } from '@playwright/test' */
/** @import { Frames } from './report.ts' */

const FRAME_MS = 1000 / 60
/** A frame later than this was missed: timers of browsers are this exact. */
const LATE_MS = FRAME_MS + 1

const { values: asked } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    points: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '5' },
    idle: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

/** @type {Record<string, (page: Page, until: number) => Promise<void>>} */
const SCENES = {
  'streaming only': async (page, until) => {
    await page.waitForTimeout(until - Date.now())
  },
  'moving the cursor': async (page, until) => {
    const box = await plotBox(page)
    for (let i = 0; Date.now() < until; i++) {
      const x = box.x + box.width * (0.5 + 0.4 * Math.sin(i / 30))
      await page.mouse.move(x, box.y + box.height * (0.5 + 0.3 * Math.cos(i / 23)))
      await page.waitForTimeout(8)
    }
  },
  zooming: async (page, until) => {
    const box = await plotBox(page)
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2)
    await page.keyboard.down('Control')
    for (let i = 0; Date.now() < until; i++) {
      await page.mouse.wheel(0, i % 80 < 40 ? -40 : 40)
      await page.waitForTimeout(12)
    }
    await page.keyboard.up('Control')
  },
  panning: async (page, until) => {
    const box = await plotBox(page)
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    for (let i = 0; Date.now() < until; i++) {
      await page.mouse.wheel(i % 60 < 30 ? 8 : -8, 0)
      await page.waitForTimeout(12)
    }
    await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2)
  },
  smoothing: async (page, until) => {
    await page.getByRole('slider', { name: 'Smoothing' }).focus()
    for (let i = 0; Date.now() < until; i++) {
      await page.keyboard.press(i % 20 < 10 ? 'ArrowRight' : 'ArrowLeft')
      await page.waitForTimeout(100)
    }
  },
}

/** @param {Page} page */
async function plotBox(page) {
  const box = await page.locator('.chart-plot .u-over').first().boundingBox()
  if (!box) throw new Error('The first chart has no plot: was it drawn?')
  return box
}

/**
 * In place of what the app's build makes for editor and engine, which the charts lead to and never load.
 * @type {import('vite').Plugin}
 */
const nothing = {
  name: 'nothing',
  resolveId: (id) => (id.startsWith('virtual:') ? `\0${id}` : undefined),
  load: (id) => (id.startsWith('\0virtual:') ? 'export default {}' : undefined),
}

const site = await openSite(fileURLToPath(new URL('.', import.meta.url)), [react(), nothing])
const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const load = {
    runs: Number(asked.runs),
    points: Number(asked.points),
    stepsPerSecond: Number(asked.rate),
  }
  const loadAtStart = loadNow()
  page.on('pageerror', (error) => console.error(error))
  await page.goto(site.url)
  await page.evaluate((given) => globalThis.fillCharts(given), load)
  await page.locator('.chart-plot canvas').nth(3).waitFor()
  await page.waitForTimeout(3000)
  if (!asked.idle) await page.evaluate(keepACoreBusy)
  /** @type {Record<string, ReturnType<typeof figures>>} */
  const results = {}
  for (const [name, play] of Object.entries(SCENES)) {
    await page.evaluate(() => globalThis.beginFrames())
    await play(page, Date.now() + 1000 * Number(asked.seconds))
    results[name] = figures(await page.evaluate(() => globalThis.endFrames()))
  }
  const report = {
    load,
    busyCore: !asked.idle,
    machine: describeMachine(),
    browser: `Chromium ${browser.version()}`,
    flags: CHROMIUM_ARGS.join(' '),
    loadAtStart,
    loadAtEnd: loadNow(),
    results,
  }
  console.log(asked.json ? JSON.stringify(report, null, 2) : tableOf(report))
} finally {
  await browser.close()
  await site.close()
}

/** As a training does that computes on the processor. */
function keepACoreBusy() {
  const code =
    'const a = new Float64Array(1e4).fill(1.1); for (;;) for (let i = 0; i < 1e4; i++) a[i] = a[i] * 1.0001 + 0.1'
  const worker = new Worker(URL.createObjectURL(new Blob([code])))
  // Held by the page, for else it would be collected.
  addEventListener('pagehide', () => worker.terminate())
}

/** @param {Frames} frames */
function figures({ framesMs, longTasksMs }) {
  const sorted = framesMs.toSorted((a, b) => a - b)
  const at = (/** @type {number} */ share) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return {
    frames: sorted.length,
    perSecond: (1000 * sorted.length) / sorted.reduce((sum, ms) => sum + ms, 0),
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longest: at(1),
    late: sorted.filter((ms) => ms > LATE_MS).length / sorted.length,
    longestTask: Math.max(0, ...longTasksMs),
  }
}

/** @param {{ load: { runs: number, points: number, stepsPerSecond: number }, busyCore: boolean, machine: string, browser: string, flags: string, loadAtStart: number, loadAtEnd: number, results: Record<string, ReturnType<typeof figures>> }} report */
function tableOf({ load, busyCore, machine, browser, flags, loadAtStart, loadAtEnd, results }) {
  const ms = (/** @type {number} */ value) => value.toFixed(1)
  const rows = Object.entries(results).map(([name, it]) =>
    [
      name,
      it.perSecond.toFixed(1),
      ms(it.median),
      ms(it.p95),
      ms(it.p99),
      ms(it.longest),
      `${(100 * it.late).toFixed(1)} %`,
      it.longestTask === 0 ? 'under 50' : ms(it.longestTask),
    ].join(' | '),
  )
  return [
    `${load.runs} runs of ${load.points} points in 4 charts, ${load.stepsPerSecond} steps a second more${busyCore ? ', a core busy' : ''}`,
    '',
    '| scene | frames/s | median ms | p95 | p99 | longest | late | longest task ms |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
    `machine   ${machine}`,
    `load      ${loadAtStart.toFixed(1)} at the start, ${loadAtEnd.toFixed(1)} at the end`,
    `browser   ${browser}`,
    `flags     ${flags}`,
  ].join('\n')
}
