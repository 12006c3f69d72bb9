// Work that lives elsewhere: a folder of the computer that stays linked over reloads, addresses of other hosts.
import { expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { choose, edit, openWorkspace, preferDevice, watchForErrors } from './app/workbench.ts'

test.use({ actionTimeout: 20_000 })

const FILES = { 'plugboard.yaml': 'plugins:\n  use: {}\n', 'notes.md': 'first line' }

/** The picker of folders gives one of the page's own, which the browser opens again only when the user agrees. */
async function lendFolder(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let isAllowed = false
    const folder = async (): Promise<FileSystemDirectoryHandle> => {
      isAllowed = true
      const root = await navigator.storage.getDirectory()
      return root.getDirectoryHandle('lesson', { create: true })
    }
    const leave = (): Promise<PermissionState> => Promise.resolve(isAllowed ? 'granted' : 'prompt')
    Object.assign(window, { showDirectoryPicker: folder })
    Object.assign(FileSystemHandle.prototype, {
      queryPermission: leave,
      requestPermission() {
        isAllowed = navigator.userActivation.isActive
        return leave()
      },
    })
  })
}

/** Text of a file in that folder; `undefined` where there is none. */
const inFolder = (page: Page, name: string): Promise<string | undefined> =>
  page.evaluate(async (path) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lesson')
    const handle = await folder.getFileHandle(path).catch(() => undefined)
    return (await handle?.getFile())?.text()
  }, name)

async function writeInFolder(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    async ([path, content]) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lesson')
      const stream = await (await folder.getFileHandle(path!, { create: true })).createWritable()
      await stream.write(content!)
      await stream.close()
    },
    [name, text],
  )
}

test('a workspace is saved to a folder, reloaded from it, and linked to it over a reload', async ({
  page,
}) => {
  const errors = watchForErrors(page)
  await preferDevice(page, 'cpu')
  await lendFolder(page)
  await openWorkspace(page, FILES)
  await choose(page, 'save to a folder')
  await expect(page.getByText('Saved 2 files to the folder lesson')).toBeVisible()
  expect(await inFolder(page, 'notes.md')).toBe('first line')

  await writeInFolder(page, 'notes.md', 'changed outside')
  await writeInFolder(page, 'added.md', 'new there')
  await page.reload()
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('button', { name: 'Zip…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share' })
  await expect(dialog).toContainText('Linked to the folder lesson')
  expect(await findings(page, '.share-dialog')).toEqual([])
  await dialog.getByRole('button', { name: 'Reconnect folder' }).click()
  await dialog.getByRole('button', { name: 'Reload from lesson' }).click()
  const review = page.getByRole('dialog', { name: 'What changed in the folder' })
  const changes = review.getByRole('list', { name: 'Changes' }).getByRole('listitem')
  await expect(changes).toHaveText(['+ added.md added', '~ notes.md changed'])
  expect(await findings(page, '.share-dialog')).toEqual([])
  await review.getByRole('button', { name: 'Take these changes' }).click()
  await expect(page.getByRole('treeitem', { name: 'added.md' })).toBeVisible()
  await edit(page, 'notes.md', 'and back')
  await choose(page, 'save to a folder')
  await expect(page.getByText('Saved 1 file to the folder lesson')).toBeVisible()
  expect(await inFolder(page, 'notes.md')).toBe('and back')
  expect(errors).toEqual([])
})

test('an address asks before its host is asked; what comes opens beside own work and does not run', async ({
  page,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, FILES)
  const asked: string[] = []
  await page.route('https://raw.example.org/**', async (route) => {
    asked.push(new URL(route.request().url()).pathname)
    const headers = { 'access-control-allow-origin': '*' }
    if (asked.at(-1) === '/gone.ts') return route.fulfill({ status: 404, headers })
    expect(route.request().headers()['cookie']).toBeUndefined()
    return route.fulfill({ headers, body: 'export const far = 42\n' })
  })
  await page.evaluate(() => {
    location.hash = `#url=${encodeURIComponent('https://raw.example.org/gone.ts')}`
  })
  const dialog = page.getByRole('dialog', { name: 'Import a workspace' })
  await expect(dialog).toContainText('Nothing has been fetched yet')
  await expect(dialog).toContainText('This asks raw.example.org')
  expect(await findings(page, '.share-dialog')).toEqual([])
  expect(asked).toEqual([])
  await dialog.getByRole('button', { name: 'Fetch from raw.example.org' }).click()
  await expect(dialog.getByRole('status')).toContainText('there is nothing at this address')

  const address = dialog.getByRole('textbox')
  await address.fill('ftp://raw.example.org/far.ts')
  await expect(address).toHaveAttribute('aria-invalid', 'true')
  await expect(dialog.getByRole('button', { name: 'Fetch', exact: true })).toBeDisabled()
  await address.fill('https://raw.example.org/far.ts')
  await address.press('Enter')
  await expect(
    page.getByText(/^This code came from raw\.example\.org\. Nothing runs/),
  ).toBeVisible()
  await expect(page.locator('.editor-host .view-lines').first()).toContainText('far = 42')
  await page.getByRole('button', { name: /^Workspace / }).click()
  await expect(page.getByRole('menuitem', { name: /^test/ })).toBeVisible()
  expect(asked).toEqual(['/gone.ts', '/far.ts'])
})
