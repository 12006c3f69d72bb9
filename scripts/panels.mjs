// npm run panels: a picture of each panel of the workbench at work: docs/panels/<panel>-<theme>.webp. Names of panels
// as arguments make those only.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium, SOFTWARE_WEBGPU } from './chromium.mjs'
import { buildIfStale, serve } from './site.mjs'
import { webpOf } from './webp.mjs'

const OUT = fileURLToPath(new URL('../docs/panels/', import.meta.url))
/** Narrow enough for one panel at a time. */
const viewport = { width: 800, height: 600 }
/** Long enough for curves, samples and logs. */
const TRAINING_MS = 20_000

const executablePath = findChromium()
await buildIfStale()
await mkdir(OUT, { recursive: true })
const { url, close } = await serve(4294)
const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, SOFTWARE_WEBGPU] })
try {
  const context = await browser.newContext({
    viewport,
    serviceWorkers: 'block',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  // In a window of its own: a page behind another one draws nothing.
  const blank = await (await browser.newContext()).newPage()
  await page.goto(url)
  await page.getByRole('button', { name: 'Run', exact: true }).and(page.locator(':enabled')).click()
  await page.getByRole('status', { name: 'First steps' }).getByRole('button').last().click()
  await page.waitForTimeout(TRAINING_MS)
  // A training would hold up what is drawn for the pictures.
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  const tabs = page.locator('.narrow-tabs').getByRole('tab')
  const wanted = process.argv.slice(2)
  for (const [index, title] of (await tabs.allTextContents()).entries()) {
    // Some end in a count.
    const name = title.replace(/\d+$/, '').trim().toLowerCase().replaceAll(' ', '-')
    if (wanted.length > 0 && !wanted.includes(name)) continue
    await tabs.nth(index).click()
    await fill(page, name)
    for (const theme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme: theme })
      await page.locator(`html[data-theme=${theme}]`).waitFor()
      await page.waitForTimeout(700)
      await page.waitForFunction(() => document.getAnimations().length === 0)
      const webp = await webpOf(blank, await page.screenshot())
      await writeFile(`${OUT}${name}-${theme}.webp`, webp)
      console.log(`${name}-${theme}.webp ${Math.round(webp.length / 1024)} KiB`)
    }
  }
} finally {
  await browser.close()
  await close()
}

/**
 * Panels that wait to be asked show something.
 * @param {import('@playwright/test').Page} page
 * @param {string} name
 */
async function fill(page, name) {
  const asked = {
    model: /^Build the model/,
    tests: /^Run all/,
    profiler: /^Record/,
  }[name]
  // Tests and a training cannot share a device.
  if (name === 'tests') await page.getByRole('button', { name: 'Stop', exact: true }).click()
  const button = asked && page.getByRole('button', { name: asked }).first()
  if (await button?.isVisible()) await button?.click()
  // A recording needs steps.
  if (name === 'profiler') {
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    await page.waitForTimeout(5000)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
  }
  await page.waitForTimeout(button ? 5000 : 1500)
}
