// axe on the workbench, in both themes, before and while a run is on, wide and narrow.
import { expect, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { everyPanel } from './app/every-panel.ts'
import { openWorkspace, progress, run, showPanel, tinyWorkspace, trainOn } from './app/workbench.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no finding, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await openWorkspace(page, tinyWorkspace)
    expect(await findings(page)).toEqual([])
    await run(page)
    await trainOn(page)
    for (const title of ['Console', 'Problems', 'Timeline']) {
      await showPanel(page, title)
      expect(await findings(page), title).toEqual([])
    }
  })
}

test('no finding on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openWorkspace(page, tinyWorkspace)
  expect(await findings(page)).toEqual([])
})

test('no finding in any panel, in either theme', async ({ page }) => {
  // Axe takes its time on a busy machine.
  test.slow()
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await openWorkspace(page, everyPanel)
  await run(page)
  await expect(progress(page)).toContainText(/Finished/, { timeout: 60_000 })
  await showPanel(page, 'Data')
  await showPanel(page, 'Try it')
  await expect(page.getByLabel('island', { exact: true })).toHaveValue(/Biscoe|Dream/)
  const check = async (title: string, colorScheme: 'light' | 'dark', within?: string) => {
    await page.emulateMedia({ colorScheme })
    expect(await findings(page, within), `${title}, ${colorScheme}`).toEqual([])
  }
  await check('Data, Try it, Run', 'light')
  await check('Data, Try it, Run', 'dark')
  await showPanel(page, 'Model')
  await page.getByRole('button', { name: /^Build the model/ }).click()
  await expect(page.locator('.model-name')).toContainText('parameters')
  await check('Model', 'dark', '.model')
  // They share their styles: each theme sees half of them.
  const views = ['A text', 'A table', 'A histogram', 'A matrix', 'A scatter', 'A images']
  for (const [index, title] of views.entries()) {
    await showPanel(page, title)
    await check(title, index < 3 ? 'dark' : 'light', '.plugin-panel')
  }
})

test('no finding in a recording, in lanes, in a comparison of runs', async ({ page }) => {
  // Axe takes its time on a busy machine.
  test.slow()
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await openWorkspace(page, everyPanel)
  await showPanel(page, 'Profiler')
  await page.getByRole('button', { name: 'Record', exact: true }).click()
  await run(page)
  await expect(progress(page)).toContainText(/Finished/, { timeout: 60_000 })
  await expect(page.getByText('Where a step goes')).toBeVisible()
  expect(await findings(page, '.profiler')).toEqual([])
  await showPanel(page, 'Timeline')
  await page.getByRole('radio', { name: 'Lanes' }).click()
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await findings(page, '.timeline')).toEqual([])
  await showPanel(page, 'Runs')
  await page.getByRole('group', { name: 'View' }).getByRole('button', { name: 'Compare' }).click()
  await expect(page.locator('.runs-compare')).toBeVisible()
  expect(await findings(page, '.runs-panel')).toEqual([])
})
