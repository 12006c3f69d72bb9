// Real training in the sandbox, as a newcomer meets it: the two examples to their end, and a step on WebGPU.
import { expect, type Page, test } from '@playwright/test'
import {
  deviceChip,
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
  test.setTimeout(400_000)
  const errors = watchForErrors(page)
  await page.goto('./')
  await expect(deviceChip(page)).toContainText('WASM')
  await run(page)
  await expect.poll(() => stepsDone(page), { timeout: 60_000 }).toBeGreaterThan(20)

  const samples = await showPanel(page, 'Samples')
  await expect(samples).toContainText(/[a-z]{2,}/, { timeout: 90_000 })
  await expect(progress(page)).toContainText(/Finished|Stopped early/, { timeout: 300_000 })

  const timeline = await showPanel(page, 'Timeline')
  await timeline.getByPlaceholder('Filter by plugin or text').fill('reference')
  const references = await timeline.textContent()
  const baseline = (name: string): number =>
    Number(new RegExp(`${name} = ([\\d.]+)`).exec(references!)![1])
  const loss = await latest(page, 'val_loss')
  expect(baseline('bigram')).toBeLessThan(baseline('unigram'))
  expect(loss).toBeLessThan(baseline('bigram') - 0.1)
  expect(errors).toEqual([])
})

test('[W09] digits: at least 95 % of held-back digits within a minute of training', async ({
  page,
}) => {
  test.setTimeout(200_000)
  await page.goto('./')
  await page.getByRole('button', { name: /^Workspace/ }).click()
  await page.getByRole('menuitem', { name: /digits/i }).click()
  await expect(page.getByRole('treeitem', { name: /mistakes/ })).toBeVisible()
  await expect(runButton(page)).toBeEnabled()
  await run(page)
  await expect(progress(page)).toContainText(/Finished|Stopped early/, { timeout: 180_000 })
  expect(await latest(page, 'val_accuracy')).toBeGreaterThanOrEqual(0.95)
})
