// Real training in the sandbox, as a newcomer meets it: the two examples, on held-back rows.
import { expect, type Page, test } from '@playwright/test'
import {
  deviceChip,
  openExample,
  progress,
  run,
  runButton,
  showPanel,
  stepsDone,
  watchForErrors,
} from './app/workbench.ts'

/** Latest value of a metric, from the legend of its chart. */
async function latest(page: Page, metric: string): Promise<number> {
  const value = page.locator('.legend-item', { hasText: metric }).first().locator('.legend-value')
  return Number(await value.textContent())
}

test('[W09] names: the GPT gets clearly under the bigram baseline and writes names, without an error', async ({
  page,
}) => {
  test.setTimeout(600_000)
  const errors = watchForErrors(page)
  await page.goto('./')
  await expect(deviceChip(page)).toContainText('WASM')
  await run(page)
  await expect.poll(() => stepsDone(page), { timeout: 60_000 }).toBeGreaterThan(20)

  const samples = await showPanel(page, 'Samples')
  await expect(samples).not.toContainText('Nothing shown yet', { timeout: 200_000 })

  const timeline = await showPanel(page, 'Timeline')
  await timeline.getByPlaceholder('Filter by plugin or text').fill('reference')
  await expect(timeline).toContainText('bigram')
  const references = await timeline.textContent()
  const baseline = (name: string): number =>
    Number(new RegExp(`${name} = ([\\d.]+)`).exec(references!)![1])
  expect(baseline('bigram')).toBeLessThan(baseline('unigram'))
  await expect
    .poll(() => latest(page, 'val_loss'), { timeout: 300_000, intervals: [2000] })
    .toBeLessThan(baseline('bigram') - 0.1)
  expect(errors).toEqual([])
})

test('[W09] digits: at least 95 % of held-back digits are read right', async ({ page }) => {
  test.setTimeout(400_000)
  await page.goto('./')
  await openExample(page, 'digits')
  await expect(page.getByRole('treeitem', { name: 'mistakes.ts' })).toBeVisible()
  await expect(runButton(page)).toBeEnabled()
  await run(page)
  await expect(progress(page)).toContainText(/Finished|Stopped early/, { timeout: 360_000 })
  expect(await latest(page, 'val_accuracy')).toBeGreaterThanOrEqual(0.95)
})
