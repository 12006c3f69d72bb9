// Charts as their reader has them: what streams in is all there, and can be looked at closely and taken along.
import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import {
  choose,
  openWorkspace,
  progress,
  restlessWorkspace,
  run,
  showPanel,
  stepsDone,
  type TestFiles,
  watchForErrors,
} from './app/workbench.ts'

const STEPS = 900

/** As fast as it goes; a plugin keeps count of what the engine made. */
const counted: TestFiles = {
  'plugins/line-data.ts': restlessWorkspace['plugins/line-data.ts']!,
  'plugins/line-model.ts': restlessWorkspace['plugins/line-model.ts']!,
  'plugboard.yaml': restlessWorkspace['plugboard.yaml']!.replace(
    'epochs: 100000',
    'epochs: 100, metrics: [mae]',
  ),
  'plugins/counter.ts': `import { type HookArgs, plugin } from 'plugboard'

export default class Counter extends plugin({
  manifest: { name: 'counter', version: '1.0.0', category: 'callback' },
}) {
  #count = 0
  #sum = 0
  onMetrics({ step, metrics }: HookArgs<'onMetrics'>) {
    this.#count++
    this.#sum += step * metrics['loss']!
  }
  onTrainEnd() {
    this.ctx.log.info(\`made \${this.#count} points, \${this.#sum.toFixed(6)}\`)
  }
}
`,
}

const chart = (page: Page, title: string): Locator =>
  page.locator('figure.chart', { has: page.getByText(title, { exact: true }) })

/** The file that an item of a chart's menu gives. */
async function exported(page: Page, title: string, item: string): Promise<Buffer> {
  await page.getByRole('button', { name: `More about ${title}` }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: item }).click()
  return readFile(await (await download).path())
}

test('[W07] all points of a fast run are in the charts, in order; charts zoom, pin, hide and are taken along', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const errors = watchForErrors(page)
  await openWorkspace(page, counted)
  await run(page)
  await expect.poll(() => stepsDone(page), { timeout: 30_000 }).toBeGreaterThan(20)
  // The page reads nothing for a while.
  await page.evaluate(() => {
    const end = performance.now() + 1500
    while (performance.now() < end);
  })
  await expect(progress(page)).toContainText('Finished', { timeout: 60_000 })
  const charts = await showPanel(page, 'Charts')
  const loss = chart(page, 'Loss')
  await expect(loss.locator('canvas')).toBeVisible()

  const rows = (await exported(page, 'Loss', 'Download CSV')).toString().split('\n').slice(1)
  const points = rows.map((row) => row.split(',')).filter(([, metric]) => metric === 'loss')
  expect(points.map(([, , step]) => Number(step))).toEqual(
    Array.from({ length: STEPS }, (_, i) => i + 1),
  )
  const sum = points.reduce((all, [, , step, , , value]) => all + Number(step) * Number(value), 0)
  const console = await showPanel(page, 'Console')
  await expect(console).toContainText(`made ${STEPS} points, ${sum.toFixed(6)}`)
  await showPanel(page, 'Charts')

  await test.step('the crosshair is in all charts, and legends have its values', async () => {
    const value = chart(page, 'Mae').locator('.legend-value').first()
    const last = await value.textContent()
    const box = (await loss.locator('.u-over').boundingBox())!
    await page.mouse.move(box.x + 8, box.y + box.height / 2)
    await expect(value).not.toHaveText(last!)
    const far = chart(page, 'Mae').locator('.u-cursor-x')
    await expect(far).not.toHaveCSS('transform', /-10, 0\)$/)
  })

  await test.step('drag zooms, 0 shows all', async () => {
    const box = (await loss.locator('.u-over').boundingBox())!
    await page.mouse.move(box.x + box.width / 4, box.y + 30)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + 40, { steps: 4 })
    await page.mouse.up()
    const reset = loss.getByRole('button', { name: 'Reset zoom' })
    await expect(reset).toBeVisible()
    const plot = loss.getByRole('group', { name: /^Chart of Loss/ })
    await plot.focus()
    await page.keyboard.press('0')
    await expect(reset).toBeHidden()
    await page.keyboard.press('+')
    await expect(reset).toBeVisible()
    await page.keyboard.press('End')
    await expect(loss.locator('output')).toContainText(/^step \d+: loss /)
    await page.keyboard.press('Enter')
    await expect(loss.getByRole('list', { name: 'Pinned points' })).toContainText('loss')
    await page.keyboard.press('0')
  })

  await test.step('a click pins a point; a line is hidden; axes, scales and smoothing are chosen', async () => {
    await loss.locator('.legend-item', { hasText: 'val_loss' }).click()
    await page.getByRole('combobox', { name: 'X axis' }).click()
    await page.getByRole('option', { name: 'By epoch' }).click()
    await page.getByRole('button', { name: 'Log y' }).click()
    await page.getByRole('slider', { name: 'Smoothing' }).press('Home')
    const svg = (await exported(page, 'Loss', 'Download SVG')).toString()
    expect(svg).toMatch(/^<svg .*<\/svg>\s*$/s)
    expect(svg).toContain('epoch · log y<')
    expect(svg).toContain('>loss<')
    expect(svg).not.toContain('val_loss')
    expect(svg).toMatch(/· epoch \d/)
    const csv = (await exported(page, 'Loss', 'Download CSV')).toString()
    expect(csv).not.toContain('val_loss')
    const png = await exported(page, 'Loss', 'Download PNG')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.length).toBeGreaterThan(5000)
    await loss.getByRole('button', { name: /remove this pin/ }).click()
    await expect(loss.getByRole('list', { name: 'Pinned points' })).toBeHidden()
  })

  await test.step('one chart in full size, and back', async () => {
    await loss.getByRole('button', { name: 'Full size' }).click()
    await expect(page.locator('figure.chart')).toHaveCount(1)
    await loss.getByRole('button', { name: 'Back to all charts' }).click()
    await expect(chart(page, 'Mae')).toBeVisible()
  })
  await expect(charts).toBeVisible()
  expect(await findings(page, '.charts')).toEqual([])
  expect(errors).toEqual([])
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('[W07] fingers zoom, move and hold a chart; all of it by the palette too', async ({
    page,
  }) => {
    await openWorkspace(page, counted)
    await run(page)
    await expect(progress(page)).toContainText(/Finished/, { timeout: 60_000 })
    const loss = chart(page, 'Loss')
    const over = loss.locator('.u-over')
    const box = (await over.boundingBox())!
    const client = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...shares: number[]) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: shares.map((share, id) => ({
          id,
          x: box.x + box.width * share,
          y: box.y + box.height / 2,
        })),
      })
    const value = loss.locator('.legend-value').first()
    const last = await value.textContent()

    // All is in view: one finger moves the crosshair, and it goes with the finger.
    await touch('touchStart', 0.2)
    await touch('touchMove', 0.1)
    await expect(value).not.toHaveText(last!)
    await touch('touchEnd')
    await expect(value).toHaveText(last!)

    const reset = loss.getByRole('button', { name: 'Reset zoom' })
    await touch('touchStart', 0.4, 0.6)
    await touch('touchMove', 0.1, 0.9)
    await touch('touchEnd')
    await expect(reset).toBeVisible()
    // Moved back to the beginning, where the crosshair finds the first step.
    for (let i = 0; i < 2; i++) {
      await touch('touchStart', 0.05)
      await touch('touchMove', 0.95)
      await touch('touchEnd')
    }
    await loss.getByRole('group', { name: /^Chart of Loss/ }).focus()
    await page.keyboard.press('Home')
    await expect(loss.locator('output')).toContainText(/^step 1: /)

    await touch('touchStart', 0.5)
    await expect(page.getByRole('menuitem', { name: 'Download SVG' })).toBeVisible()
    await touch('touchEnd')
    await page.keyboard.press('Escape')

    await choose(page, 'reset zoom of all')
    await expect(reset).toBeHidden()
    await choose(page, 'toggle log y axis')
    const download = page.waitForEvent('download')
    await choose(page, 'loss download svg')
    const svg = await readFile(await (await download).path(), 'utf8')
    expect(svg).toContain('step · log y ·')
  })
})
