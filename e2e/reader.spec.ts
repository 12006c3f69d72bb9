// A reader of links: looks before anything runs, runs, makes a fork; what was the reader's own stays as it was.
import { type Browser, expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import {
  edit,
  openWorkspace,
  run,
  showPanel,
  teller,
  tinyWorkspace,
  trainOn,
  watchForErrors,
} from './app/workbench.ts'

test.use({ actionTimeout: 20_000 })

const text = (page: Page) => page.locator('.editor-host .view-lines').first()
const workspace = (page: Page, name: string) =>
  page.getByRole('button', { name: `Workspace ${name}`, exact: true })

/** The link that somebody else makes of their work, in a browser of their own. */
async function sendersLink(browser: Browser, baseURL: string): Promise<string> {
  const context = await browser.newContext({ baseURL })
  const sender = await context.newPage()
  await openWorkspace(sender, tinyWorkspace, 'line fit')
  await edit(sender, 'plugins/teller.ts', teller('from the sender 😀'))
  await sender.getByRole('button', { name: 'Share', exact: true }).click()
  const link = await sender.getByLabel('Link to this workspace').inputValue()
  await context.close()
  return link
}

async function chooseInMenu(page: Page, item: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^Workspace / }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('[W08] a link is looked into before it runs, run, and forked; own work stays untouched', async ({
  page,
  browser,
  baseURL,
}) => {
  test.slow()
  const errors = watchForErrors(page)
  const link = await sendersLink(browser, baseURL!)
  expect(link).toMatch(/#w1\./)

  await test.step('own work is there first', async () => {
    await page.goto('./')
    await chooseInMenu(page, /^New, empty/)
    await expect(workspace(page, 'untitled')).toBeVisible()
    await page.getByRole('button', { name: 'New file' }).click()
    await page.getByLabel('Path of the new file').fill('plugins/teller.ts')
    await page.keyboard.press('Enter')
    await edit(page, 'plugins/teller.ts', '// mine alone')
    await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  })

  await test.step('the link opens beside it, and nothing runs', async () => {
    await page.evaluate((hash) => (location.hash = hash), new URL(link).hash)
    await expect(page.getByRole('button', { name: /^Workspace line fit/ })).toBeVisible()
    await expect(page).toHaveURL(/^[^#]*$/)
    await expect(page.getByRole('tab', { name: 'teller.ts', selected: true })).toBeVisible()
    await expect(text(page)).toContainText('from the sender 😀')
    const notice = page.getByRole('status', { name: /^This code came from a link/ })
    await expect(notice).toContainText('They cannot reach the network')
    await notice.getByText(/It brings 4 plugins/).click()
    await expect(notice.getByRole('listitem').filter({ hasText: 'teller' })).toContainText('1.0.0')
    expect(await findings(page)).toEqual([])
    // To read a manifest is not to run its plugin; to load it is.
    await page.getByRole('button', { name: /^teller/ }).click()
    await page.getByRole('button', { name: 'Validate', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Load', exact: true })).toBeEnabled()
    await expect(notice).toBeVisible()
    // Neither does a reload run it.
    await page.reload()
    await expect(text(page)).toContainText('from the sender 😀', { timeout: 30_000 })
    await expect(notice).toBeVisible()
  })

  await test.step('Run is the consent', async () => {
    await run(page)
    await trainOn(page, 20)
    await expect(page.getByText(/^This code came from a link/)).toHaveCount(0)
    const log = await showPanel(page, 'Console')
    await expect(log).toContainText(/from the sender 😀, call \d+/)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
  })

  await test.step('a fork is theirs to change; the link stays as it came', async () => {
    await chooseInMenu(page, /^Make a copy/)
    await expect(workspace(page, 'line fit (copy)')).toBeVisible()
    await edit(page, 'plugins/teller.ts', teller('changed in the fork'))
    await run(page)
    await expect(page.getByText(/changed in the fork, call \d+/).first()).toBeVisible({
      timeout: 30_000,
    })
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await chooseInMenu(page, /^line fit(?! \(copy\))/)
    await expect(text(page)).toContainText('from the sender 😀')
  })

  await test.step('own work is as it was', async () => {
    await chooseInMenu(page, /^untitled/)
    await expect(text(page)).toContainText('// mine alone')
    await expect(page.getByRole('treeitem', { name: 'line-model.ts' })).toHaveCount(0)
  })
  expect(errors).toEqual([])
})
