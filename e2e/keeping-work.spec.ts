// Work is kept: history with a way back, two tabs on one workspace, crashes, storage that refuses or is full.
import { expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { edit, openWorkspace, run, teller, tinyWorkspace, trainOn } from './app/workbench.ts'

const text = (page: Page) => page.locator('.editor-host .view-lines').first()
const saved = (page: Page) => page.getByText('Saved', { exact: true })
const banner = (page: Page) => page.getByRole('status', { name: /open in another tab/ })

async function chooseInMenu(page: Page, item: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^Workspace / }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('[W10] the history shows what changed, brings back a deleted file, and that can be undone', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await openWorkspace(page, tinyWorkspace)
  await edit(page, 'plugins/teller.ts', teller('second version'))
  await expect(saved(page)).toBeVisible()
  const file = page.getByRole('treeitem', { name: 'teller.ts' })
  await file.focus()
  await page.keyboard.press('Delete')
  await expect(file).toHaveCount(0)

  await chooseInMenu(page, /^History/)
  const dialog = page.getByRole('dialog', { name: 'History' })
  const states = dialog.getByRole('option')
  // What was there before the file was deleted.
  const before = states.filter({ hasText: 'Before a larger change' })
  await expect(before).toContainText('teller.ts')
  await before.click()
  await expect(dialog.locator('.history-diff')).toContainText('second', { timeout: 30_000 })
  await expect(dialog.locator('.history-diff')).toContainText('first')
  expect(await findings(page, '.history')).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await findings(page, '.history')).toEqual([])

  await dialog.getByRole('button', { name: 'Compare with now' }).click()
  await expect(dialog.getByRole('button', { name: /teller\.ts/, pressed: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Restore this file' }).click()
  await expect(page.getByText('Restored plugins/teller.ts')).toBeVisible()
  await expect(states.filter({ hasText: 'Restored' })).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(file).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(file).toHaveCount(0)
})

test('[W10] of two tabs one writes; the other is told, follows, takes over, and both keep all', async ({
  page,
  context,
}) => {
  await openWorkspace(page, { 'notes.md': 'first line', 'plugboard.yaml': 'plugins:\n  use: {}\n' })
  await expect(saved(page)).toBeVisible()
  const other = await context.newPage()
  await other.goto('./')
  await expect(banner(other)).toBeVisible()
  await expect(banner(page)).toHaveCount(0)

  await edit(page, 'notes.md', 'from the first tab')
  await other.getByRole('treeitem', { name: 'notes.md' }).click()
  await expect(text(other)).toContainText('from the first tab', { timeout: 30_000 })
  await other.locator('.view-line').first().click()
  await other.keyboard.type('typed where it cannot be')
  await expect(text(other)).not.toContainText('typed')

  await other.getByRole('button', { name: 'Take over' }).click()
  await expect(banner(other)).toHaveCount(0)
  await expect(banner(page)).toBeVisible()
  await edit(other, 'notes.md', 'from the second tab')
  await expect(saved(other)).toBeVisible()
  await expect(text(page)).toContainText('from the second tab')

  await page.getByRole('button', { name: 'Edit a copy' }).click()
  await expect(banner(page)).toHaveCount(0)
  await edit(page, 'notes.md', 'in the copy')
  await expect(saved(page)).toBeVisible()
  await expect(text(other)).toContainText('from the second tab')
})

test('when the tab that writes crashes, the other one goes on with what was stored', async ({
  page,
  context,
}) => {
  await openWorkspace(page, tinyWorkspace)
  const other = await context.newPage()
  await other.goto('./')
  await expect(banner(other)).toBeVisible()
  await other.getByRole('treeitem', { name: 'teller.ts' }).click()
  await edit(page, 'plugins/teller.ts', teller('before the crash'))
  await expect(text(other)).toContainText('before the crash', { timeout: 30_000 })
  const crash = await context.newCDPSession(page)
  void crash.send('Page.crash').catch(() => undefined)
  await expect(banner(other)).toHaveCount(0, { timeout: 20_000 })
  await expect(text(other)).toContainText('before the crash')
  await edit(other, 'plugins/teller.ts', teller('after the crash'))
  await expect(saved(other)).toBeVisible()
})

test('[W10] with storage refused, work goes on in the tab: edit, run, another workspace and back', async ({
  page,
}) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('denied', 'SecurityError')
    }
  })
  await openWorkspace(page, tinyWorkspace)
  const warning = page.getByRole('status', { name: 'Your edits are not being stored' })
  await expect(warning).toContainText('does not let the page store anything')
  await edit(page, 'plugins/teller.ts', teller('kept in memory'))
  await run(page)
  await trainOn(page)
  await chooseInMenu(page, /^New, empty/)
  await expect(page.getByRole('button', { name: 'Workspace untitled' })).toBeVisible()
  await chooseInMenu(page, /^test/)
  await page.getByRole('treeitem', { name: 'teller.ts' }).click()
  await expect(text(page)).toContainText('kept in memory')
  await expect(warning).toHaveCount(1)
})

test('[W10] with the disk full nothing is lost; what could not be stored is, once there is room', async ({
  page,
  baseURL,
}) => {
  const commands = await page.context().newCDPSession(page)
  const { origin } = new URL(baseURL!)
  await commands.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 })
  await openWorkspace(page, { 'plugboard.yaml': 'plugins:\n  use: {}\n', 'notes.md': 'small' })
  await expect(saved(page)).toBeVisible()
  await edit(page, 'notes.md', `written on a full disk\n${`${'ж'.repeat(99)}\n`.repeat(9_000)}`)
  const warning = page.getByRole('status', { name: 'Your edits are not being stored' })
  await expect(warning).toContainText('is full')
  const [zip] = await Promise.all([
    page.waitForEvent('download'),
    warning.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(zip.suggestedFilename()).toBe('test.zip')
  await warning.getByRole('button', { name: 'Storage…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Storage in this browser' })
  await expect(dialog.getByRole('list', { name: 'Workspaces' })).toContainText('test')
  expect(await findings(page, '.space')).toEqual([])
  await page.keyboard.press('Escape')

  await commands.send('Storage.overrideQuotaForOrigin', { origin })
  await warning.getByRole('button', { name: 'Try again' }).click()
  await expect(warning).toHaveCount(0)
  await page.reload()
  await page.getByRole('treeitem', { name: 'notes.md' }).click()
  await expect(text(page)).toContainText('written on a full disk', { timeout: 30_000 })
})
