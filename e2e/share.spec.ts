// Links: a workspace travels to a fresh browser profile, waits there, and never harms what is there already.
import { type Browser, expect, type Page, test } from '@playwright/test'

const SLOW = { timeout: 60_000 }

const editorText = (page: Page) => page.locator('.monaco-editor .view-lines').first()

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await expect(editorText(page)).toBeVisible(SLOW)
}

async function addNote(page: Page, content: string): Promise<void> {
  await page.getByRole('button', { name: 'New file' }).click()
  await page.getByLabel('Path of the new file').fill('notes.md')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'notes.md', selected: true })).toBeVisible()
  await editorText(page).click()
  await page.keyboard.insertText(content)
}

/** The link that the Share button gives. */
async function shareLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const link = await page.getByLabel('Link to this workspace').inputValue()
  await page.keyboard.press('Escape')
  return link
}

/** A page in a profile of its own, which has stored nothing yet. */
const stranger = async (browser: Browser, baseURL: string | undefined): Promise<Page> =>
  (await browser.newContext({ baseURL: baseURL! })).newPage()

test('[W08] a link opens in a fresh profile with all files, and nothing runs', async ({
  page,
  browser,
  baseURL,
}) => {
  await open(page, './')
  await addNote(page, 'shared 😀')
  const link = await shareLink(page)
  expect(link).toMatch(/#w1\./)

  const reader = await stranger(browser, baseURL)
  await open(reader, link)
  await expect(reader.getByRole('tab', { name: 'notes.md', selected: true })).toBeVisible()
  await expect(editorText(reader)).toContainText('shared 😀')
  await expect(reader.getByText(/Nothing runs until you press Run/).first()).toBeVisible()
  await expect(reader).toHaveURL(/^[^#]*$/)
  // To read a manifest is not to run its plugin; to load it is.
  await reader.getByRole('button', { name: /^step_log/ }).click()
  await reader.getByRole('button', { name: 'Validate', exact: true }).click()
  await expect(reader.getByRole('button', { name: 'Load', exact: true })).toBeEnabled()
  await expect(reader.getByText(/This code came from a link/)).toBeVisible()
  await reader.getByRole('button', { name: 'Load', exact: true }).click()
  await expect(reader.getByText(/This code came from a link/)).toHaveCount(0)

  await reader.reload()
  await expect(editorText(reader)).toContainText('shared 😀', SLOW)
  await reader.context().close()
})

test('a link never replaces the own workspace', async ({ page, browser, baseURL }) => {
  await open(page, './')
  await addNote(page, 'theirs')
  const link = await shareLink(page)

  const reader = await stranger(browser, baseURL)
  await open(reader, './')
  await addNote(reader, 'mine')
  await open(reader, './?again')
  await reader.evaluate((hash) => (location.hash = hash), new URL(link).hash)
  await expect(editorText(reader)).toContainText('theirs', SLOW)
  await reader.getByRole('button', { name: /^Workspace / }).click()
  await reader.getByRole('menuitem', { name: /^names.*\d:\d\d/ }).click()
  await expect(editorText(reader)).toContainText('mine')
  await reader.context().close()
})

test('a damaged, a cut-off and a newer link say so and lose nothing', async ({ page }) => {
  await open(page, './')
  await addNote(page, 'mine')
  const { hash } = new URL(await shareLink(page))
  const middle = hash.length >> 1
  const changed = hash[middle] === 'A' ? 'B' : 'A'
  const cases = [
    { hash: hash.slice(0, middle) + changed + hash.slice(middle + 1), says: /link is damaged/ },
    { hash: hash.slice(0, 40), says: /link is cut off/ },
    { hash: hash.replace('#w1', '#w7'), says: /newer Plugboard/ },
  ]
  for (const { hash: broken, says } of cases) {
    await page.goto('about:blank')
    await page.goto(`./${broken}`)
    await expect(page.getByText(says)).toBeVisible(SLOW)
    await expect(page.getByText(/Your own workspaces are untouched/)).toBeVisible()
    await expect(editorText(page)).toContainText('mine', SLOW)
  }
})
