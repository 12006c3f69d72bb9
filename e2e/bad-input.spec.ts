// Input that is too large, too many or broken: the page answers, says so, and keeps what was there.
import { expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { choose, edit, openWorkspace, showPanel, tinyWorkspace } from './app/workbench.ts'

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

/** Puts records of another version of the page beside those of the open workspace. */
async function damageRecords(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const open = (name: string) =>
      new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error!)
      })
    const put = async (name: string, store: string, record: object) => {
      const db = await open(name)
      const tx = db.transaction(store, 'readwrite')
      tx.objectStore(store).put(record)
      await new Promise((resolve) => (tx.oncomplete = resolve))
      db.close()
    }
    const db = await open('plugboard-workspaces')
    const ids = await new Promise<IDBValidKey[]>((resolve) => {
      const request = db.transaction('workspaces').objectStore('workspaces').getAllKeys()
      request.onsuccess = () => resolve(request.result)
    })
    db.close()
    for (const id of ids) {
      await put('plugboard-runs', 'entries', { workspace: id, id: 'old', number: 'one' })
      await put('plugboard-checkpoints', 'entries', { workspace: id, run: 'old', name: 'last' })
      await put('plugboard-workspaces', 'states', { id, seq: 900, files: 'none' })
    }
  })
}

test('[W10] stored records that cannot be read are told where one looks, kept as a file and deleted', async ({
  page,
}) => {
  await openWorkspace(page, tinyWorkspace)
  await showPanel(page, 'Runs')
  await expect(page.getByText('No runs yet')).toBeVisible()
  await damageRecords(page)
  await page.reload()
  const runs = await showPanel(page, 'Runs')
  const told = runs.getByRole('status').filter({ hasText: '1 stored run cannot be read' })
  await expect(told).toBeVisible({ timeout: 30_000 })
  expect(await findings(page)).toEqual([])
  const saved = page.waitForEvent('download')
  await told.getByRole('button', { name: 'Download what is stored' }).click()
  expect((await saved).suggestedFilename()).toBe('damaged-runs.json')
  await told.getByRole('button', { name: 'Delete 1 stored run' }).click()
  await told.getByRole('button', { name: 'Really delete 1 stored run?' }).click()
  await expect(told).toHaveCount(0)

  const checkpoints = page.getByRole('region', { name: 'Checkpoints' })
  await expect(checkpoints.getByText('1 stored checkpoint cannot be read')).toBeVisible()
  await choose(page, 'history: what')
  const history = page.getByRole('dialog', { name: 'History' })
  await expect(history.getByText('1 stored state cannot be read')).toBeVisible()
  await history.getByRole('button', { name: 'Delete 1 stored state' }).click()
  await history.getByRole('button', { name: 'Really delete 1 stored state?' }).click()
  await expect(history.getByText('1 stored state cannot be read')).toHaveCount(0)
})
