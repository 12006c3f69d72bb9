// axe on the workbench, in both themes, before and while a run is on, wide and narrow.
import { expect, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { openWorkspace, run, showPanel, tinyWorkspace, trainOn } from './app/workbench.ts'

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
