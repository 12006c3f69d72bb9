// Input that is too large, too many or broken: the page answers, says so, and keeps what was there.
import { expect, test } from '@playwright/test'
import { edit, openWorkspace, tinyWorkspace } from './app/workbench.ts'

test('a paste of 50 MB is refused in words, and the page goes on at once', async ({ page }) => {
  await openWorkspace(page, { 'plugboard.yaml': 'plugins:\n  use: {}\n', 'notes.md': 'mine' })
  await edit(page, 'notes.md', 'still mine')
  await page.evaluate(() => navigator.clipboard.writeText('x'.repeat(50_000_000)))
  await page.keyboard.press('Control+V')
  await expect(
    page.getByText(/50,000,000 characters; a text file may have 1,000,000/),
  ).toBeVisible()
  await page.keyboard.type('!')
  await expect(page.locator('.editor-host .view-lines')).toHaveText('still mine!')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
})

test('five hundred files: all are listed, found and edited', async ({ page }) => {
  const many = Array.from({ length: 494 }, (_, n) => {
    const folder = ['data', 'plugins/parts', 'tests/more'][n % 3]!
    return [`${folder}/file-${n}.${n % 3 === 0 ? 'txt' : 'ts'}`, `export const n = ${n}\n`] as const
  })
  await openWorkspace(page, { ...tinyWorkspace, ...Object.fromEntries(many) })
  await expect(page.getByRole('treeitem', { name: /^file-/ })).toHaveCount(494)
  await edit(page, 'plugins/parts/file-490.ts', 'export const n = 0\n')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('tab', { name: 'file-490.ts', selected: true })).toBeVisible()
})

test('a database of a newer version: a clear word, and work goes on in the tab', async ({
  page,
}) => {
  await page.goto('./sandbox.html')
  await page.evaluate(
    () =>
      new Promise<void>((done, fail) => {
        const request = indexedDB.open('plugboard-workspaces', 99)
        request.onsuccess = () => {
          request.result.close()
          done()
        }
        request.onerror = () => fail(new Error('no database'))
      }),
  )
  await openWorkspace(page, { 'notes.md': 'mine', 'plugboard.yaml': 'plugins:\n  use: {}\n' })
  const warning = page.getByRole('status', { name: 'Your edits are not being stored' })
  await expect(warning).toContainText('newer Plugboard: reload this page')
  await edit(page, 'notes.md', 'still mine')
  await expect(page.locator('.editor-host .view-lines')).toHaveText('still mine')
})
