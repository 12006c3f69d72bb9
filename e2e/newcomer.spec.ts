// A newcomer's first minutes, with the keyboard alone: open, run, edit, see the effect, look around, share.
import { expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { choose, deviceChip, stepsDone, trainOn, watchForErrors } from './app/workbench.ts'

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  const focused = page.locator(':focus')
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused.count()) === 0) continue
    const called = await focused.evaluate(
      (element) => element.getAttribute('aria-label') ?? element.textContent,
    )
    if (called?.includes(name)) return
  }
  throw new Error(`60 presses of Tab did not lead to "${name}"`)
}

test('open, run, edit, see the effect, share: no pointer needed', async ({ page }) => {
  // It trains, and axe looks four times.
  test.slow()
  const errors = watchForErrors(page)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('./')
  await expect(deviceChip(page)).not.toContainText('Starting', { timeout: 30_000 })
  const steps = page.getByRole('status', { name: 'First steps' })
  await expect(steps).toContainText('1 of 3')
  expect(await findings(page)).toEqual([])

  await page.keyboard.press('Control+Enter')
  await trainOn(page)
  await expect(steps).toContainText('2 of 3')

  await tabTo(page, 'Show a line to change')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'step-log.ts', selected: true })).toBeVisible()
  await expect(page.getByRole('textbox', { name: /^plugins\/step-log\.ts/ })).toBeFocused({
    timeout: 30_000,
  })
  await page.keyboard.type('mine: ')
  await expect(steps).toContainText('3 of 3', { timeout: 30_000 })
  expect(await stepsDone(page)).toBeGreaterThan(0)
  await page.keyboard.press('Control+Enter')

  await choose(page, 'show console')
  await expect(page.getByText(/mine: step \d+/).first()).toBeVisible({ timeout: 60_000 })
  expect(await findings(page)).toEqual([])

  await choose(page, 'examples and templates')
  const gallery = page.getByRole('dialog', { name: 'Examples and templates' })
  await expect(gallery.getByRole('searchbox').or(gallery.getByRole('textbox'))).toBeFocused()
  await expect(gallery.getByRole('img').first()).toBeVisible()
  expect(await findings(page, '.gallery')).toEqual([])
  await page.keyboard.press('Escape')

  await page.keyboard.press('F1')
  await expect(page.getByRole('heading', { name: "The authors' guide" })).toBeVisible()
  expect(await findings(page, '.panel-column')).toEqual([])
  await choose(page, 'keyboard shortcuts')
  await expect(page.getByRole('heading', { name: 'Keys', exact: true })).toBeInViewport()

  await choose(page, 'share')
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()), { timeout: 20_000 })
    .toContain('#')
  expect(errors).toEqual([])
})

test('an example from the gallery, on a phone: it opens as its own, and trains', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.goto('./')
  await expect(deviceChip(page)).toHaveAccessibleName(/WebGPU|WebGL|WASM|CPU/, { timeout: 30_000 })
  await choose(page, 'examples and templates')
  const gallery = page.getByRole('dialog', { name: 'Examples and templates' })
  await gallery.getByRole('textbox').fill('csv own')
  await expect(gallery.getByRole('img')).toHaveCount(0)
  expect(await findings(page, '.gallery')).toEqual([])
  await gallery.getByRole('button', { name: 'Table of your own' }).click()
  await expect(page.getByRole('button', { name: 'Workspace table' })).toBeVisible()
  await page.getByRole('tab', { name: 'Config' }).click()
  await page.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('2')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.locator('.progress')).toContainText(/Finished/, { timeout: 60_000 })
  expect(await findings(page)).toEqual([])
})
