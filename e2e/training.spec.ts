// Real training in the sandbox, as a newcomer meets it: the two examples, on held-back rows, and a first plugin.
import { expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import {
  deviceChip,
  openExample,
  openWorkspace,
  progress,
  run,
  runButton,
  showPanel,
  stepsDone,
  tinyWorkspace,
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

test('[K22] a plugin made from a template, by keyboard, takes part in a run and passes its test', async ({
  page,
}) => {
  await openWorkspace(page, tinyWorkspace)
  await page.getByRole('button', { name: 'New plugin…' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'New plugin' })
  await expect(dialog.getByRole('combobox', { name: 'Kind' })).toBeFocused()
  await page.keyboard.type('cal')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Loss Watch')
  await expect(dialog).toContainText('"Loss Watch" is no name for a plugin')
  await expect(dialog.getByRole('button', { name: 'Make it' })).toBeDisabled()
  expect(await findings(page)).toEqual([])
  await dialog.getByRole('textbox', { name: 'Name' }).fill('loss_watch')
  await expect(dialog).toContainText('tests/loss-watch.test.ts')
  await page.keyboard.press('Enter')

  await expect(page.getByRole('tab', { name: 'loss-watch.ts', selected: true })).toBeVisible()
  await expect(page.locator('.view-line', { hasText: 'class LossWatch' })).toBeVisible()
  await run(page)
  const logs = await showPanel(page, 'Console')
  await expect(logs).toContainText(/epoch \d+: loss \d\.\d{3}, before \d\.\d{3}/)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()

  await page.getByRole('treeitem', { name: 'plugboard.yaml' }).click()
  const setting = page.locator('.view-line', { hasText: 'loss_watch' })
  await expect(setting).toContainText('loss_watch: { config: { metric: loss } }')

  const tests = await showPanel(page, 'Tests')
  await tests.getByRole('button', { name: 'Run all' }).click()
  await expect(tests).toContainText(/3 passed/)
})
