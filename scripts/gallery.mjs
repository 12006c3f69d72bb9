// npm run gallery: the pictures of the examples, from real runs: public/gallery/<example>-<theme>.webp. Names of
// examples as arguments make those only.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium, SOFTWARE_WEBGPU } from './chromium.mjs'
import { buildIfStale, serve } from './site.mjs'
import { webpOf } from './webp.mjs'

const OUT = fileURLToPath(new URL('../public/gallery/', import.meta.url))
/** In CSS pixels: the picture, and the bar of panels below it. */
const [WIDTH, HEIGHT] = [640, 400]
/** Long enough for every example to have learned something to show. */
const MOST_MS = 75_000

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} url
 * @param {string} name
 * @param {{ pictured: string }} entry
 */
async function picture(browser, url, name, { pictured }) {
  const context = await browser.newContext({
    viewport: { width: WIDTH, height: HEIGHT + 200 },
    serviceWorkers: 'block',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const blank = await context.newPage()
  await page.goto(url)
  await page
    .getByRole('button', { name: 'Run', exact: true })
    .and(page.locator(':enabled'))
    .waitFor()
  await page.keyboard.press('Control+K')
  await page.keyboard.type(`from example ${name}`)
  await page
    .getByRole('option', { name: `New workspace from example ${name}` })
    .first()
    .click()
  await page.getByRole('button', { name: `Workspace ${name}` }).waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).and(page.locator(':enabled')).click()
  const ended = page.locator('.progress[data-tone=ended]')
  await ended.waitFor({ timeout: MOST_MS }).catch(() => undefined)
  await page.getByRole('tab', { name: pictured, exact: true }).click()
  const build = page.getByRole('button', { name: /^Build the model/ })
  if (pictured === 'Model' && (await build.isVisible())) await build.click()
  await page.waitForTimeout(1500)
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme: theme })
    await page.waitForTimeout(700)
    const box = await page.locator('.narrow-panel').boundingBox()
    const clip = { x: 0, y: box?.y ?? 0, width: WIDTH, height: HEIGHT }
    const webp = await webpOf(blank, await page.screenshot({ clip }))
    await writeFile(`${OUT}${name}-${theme}.webp`, webp)
    console.log(`${name}-${theme}.webp ${Math.round(webp.length / 1024)} KiB`)
  }
  await context.close()
}

const told = new URL('../src/app/gallery/entries.json', import.meta.url)
/** @type {Record<string, { pictured: string }>} */
const entries = JSON.parse(await readFile(told, 'utf8'))
const executablePath = findChromium()
await buildIfStale()
await mkdir(OUT, { recursive: true })
const { url, close } = await serve(4293)
const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, SOFTWARE_WEBGPU] })
const wanted = process.argv.slice(2)
const chosen = Object.entries(entries).filter(
  ([name]) => wanted.length === 0 || wanted.includes(name),
)
try {
  for (const [name, entry] of chosen) await picture(browser, url, name, entry)
} finally {
  await browser.close()
  await close()
}
