// npm run bench: trains the same models with this project and others, side by side in one browser.
import { fitting, readArguments, USAGE } from './arguments.mjs'
import { openBrowser } from './browser.mjs'
import { openSite } from './site.mjs'
import {
  describeMachine,
  footOf,
  loadNow,
  memoryTable,
  productsTable,
  stagesTable,
  tableOf,
} from './tables.mjs'

/** @import { Browser, Page } from '@playwright/test' */
/** @import { Blocks, MeasureRequest, MeasureResult, MemoryResult, ProductsResult, StagesResult } from './report.ts' */

try {
  const asked = readArguments(process.argv.slice(2))
  if (asked.isHelp) console.log(USAGE)
  else await bench(asked)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** @param {ReturnType<typeof readArguments>} asked */
async function bench(asked) {
  const { workloads, devices, adapter, scale, repeats, blockMs, competitors, what, isJson } = asked
  const site = await openSite()
  try {
    const { browser, adapter: found, args } = await openBrowser(site.url, adapter)
    try {
      const machine = {
        machine: describeMachine(),
        runtime: `Chromium ${browser.version()}`,
        flags: args.join(' '),
        adapter: found ?? null,
        command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
        date: new Date().toISOString(),
        loadAtStart: loadNow(),
      }
      /** @type {MeasureResult[]} */
      const results = []
      /** @type {MemoryResult[]} */
      const memory = []
      /** @type {StagesResult[]} */
      const stages = []
      /** @type {ProductsResult[]} */
      const products = []
      if (what === 'products')
        await inPage(browser, site.url, async (page) => {
          products.push(await page.evaluate(productsOf, { repeats, blockMs }))
        })
      for (const device of what === 'products' ? [] : resolveDevices(devices, found))
        for (const workload of workloads) {
          console.error(`${workload} on ${device}`)
          const request = {
            workload,
            scale,
            device,
            repeats,
            blockMs,
            competitors: fitting(competitors, workload, device),
          }
          await inPage(browser, site.url, async (page) => {
            if (what === 'stages') stages.push(await page.evaluate(stagesOf, request))
            else if (what === 'memory') memory.push(await page.evaluate(memoryOf, request))
            else {
              const result = await page.evaluate(raceOf, request)
              results.push(result)
              if (!isJson) console.log(`${tableOf(result)}\n`)
            }
          })
        }
      if (!isJson && stages.length > 0) console.log(`${stagesTable(stages)}\n`)
      if (!isJson && memory.length > 0) console.log(`${memoryTable(memory)}\n`)
      if (!isJson) for (const result of products) console.log(`${productsTable(result)}\n`)
      const report = { ...machine, loadAtEnd: loadNow(), results, memory, stages, products }
      console.log(isJson ? JSON.stringify(report, null, 2) : footOf(report))
    } finally {
      await browser.close()
    }
  } finally {
    await site.close()
  }
}

/**
 * @param {readonly ('auto' | MeasureRequest['device'])[]} devices
 * @param {{ name: string } | undefined} adapter
 */
function resolveDevices(devices, adapter) {
  /** @type {MeasureRequest['device']} */
  const auto = adapter ? 'webgpu' : 'wasm'
  return new Set(devices.map((device) => (device === 'auto' ? auto : device)))
}

/** @param {MeasureRequest} asked */
function raceOf(asked) {
  return globalThis.measure.workload(asked)
}

/** @param {MeasureRequest} asked */
function memoryOf(asked) {
  return globalThis.measure.memory(asked)
}

/** @param {MeasureRequest} asked */
function stagesOf(asked) {
  return globalThis.measure.stages(asked)
}

/** @param {Blocks} asked */
function productsOf(asked) {
  return globalThis.measure.products(asked)
}

/**
 * Measures in a page of its own, so that nothing is left of the measurement before.
 * @param {Browser} browser
 * @param {string} url
 * @param {(page: Page) => Promise<void>} measure
 */
async function inPage(browser, url, measure) {
  const page = await browser.newPage()
  try {
    page.on('console', (message) => console.error(`  ${message.text()}`))
    const failure = new Promise((_, reject) => page.on('pageerror', reject))
    const meter = await page.context().newCDPSession(page)
    await meter.send('Performance.enable')
    await page.exposeFunction('busyMs', async () => {
      const { metrics } = await meter.send('Performance.getMetrics')
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
    })
    await page.goto(url)
    await Promise.race([measure(page), failure])
  } finally {
    await page.close()
  }
}
