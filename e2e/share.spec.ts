// Links that are damaged, cut off or newer say so, and never harm what is there already.
import { expect, type Page, test } from '@playwright/test'

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
