// npm run bench: trains the same models with this project, plain tfjs and jax-js, side by side in one browser.
import { readArguments, USAGE } from './arguments.mjs'
import { openBrowser } from './browser.mjs'
import { openSite } from './site.mjs'
import { describeMachine, loadNow, stagesTable, tableOf } from './tables.mjs'

/** @import { Browser } from '@playwright/test' */
/** @import { MeasureRequest, MeasureResult, StagesResult } from './report.ts' */

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
  const { workloads, devices, adapter, scale, repeats, blockMs, hasStages, isJson } = asked
  const site = await openSite()
  try {
    const { browser, adapter: found, args } = await openBrowser(site.url, adapter)
    try {
      const machine = {
        machine: describeMachine(),
        browser: `Chromium ${browser.version()}`,
        flags: args.join(' '),
        adapter: found ?? null,
        command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
        date: new Date().toISOString(),
        loadAtStart: loadNow(),
      }
      /** @type {MeasureResult[]} */
      const results = []
      /** @type {StagesResult[]} */
      const stages = []
      for (const device of resolveDevices(devices, found))
        for (const workload of workloads) {
          console.error(`${workload} on ${device}`)
          const request = { workload, scale, device, repeats, blockMs }
          if (hasStages) {
            stages.push(await inPage(browser, site.url, request, stagesOf))
            continue
          }
          const result = await inPage(browser, site.url, request, raceOf)
          results.push(result)
          if (!isJson) console.log(`${tableOf(result)}\n`)
        }
      if (hasStages && !isJson) console.log(`${stagesTable(stages)}\n`)
      const report = { ...machine, loadAtEnd: loadNow(), results, stages }
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
  return globalThis.measureWorkload(asked)
}

/** @param {MeasureRequest} asked */
function stagesOf(asked) {
  return globalThis.measureStages(asked)
}

/**
 * Measures in a page of its own, so that nothing is left of the measurement before.
 * @template T
 * @param {Browser} browser
 * @param {string} url
 * @param {MeasureRequest} request
 * @param {(request: MeasureRequest) => Promise<T>} measure Runs in the page.
 * @returns {Promise<T>}
 */
async function inPage(browser, url, request, measure) {
  const page = await browser.newPage()
  try {
    page.on('console', (message) => console.error(`  ${message.text()}`))
    const failure = new Promise((_, reject) => page.on('pageerror', reject))
    await page.goto(url)
    const result = page.evaluate(measure, request)
    await Promise.race([result, failure])
    return await result
  } finally {
    await page.close()
  }
}

/** @param {{ machine: string, browser: string, flags: string, adapter: { name: string, isSoftware: boolean } | null, command: string, date: string, loadAtStart: number, loadAtEnd: number }} report */
function footOf({ machine, browser, flags, adapter, command, date, loadAtStart, loadAtEnd }) {
  const kind = adapter?.isSoftware ? ' (software)' : ''
  return [
    `machine   ${machine}`,
    `load      ${loadAtStart.toFixed(1)} at the start, ${loadAtEnd.toFixed(1)} at the end`,
    `browser   ${browser}`,
    `flags     ${flags}`,
    `adapter   ${adapter ? `${adapter.name}${kind}` : 'no WebGPU'}`,
    `command   ${command}`,
    `date      ${date}`,
  ].join('\n')
}
