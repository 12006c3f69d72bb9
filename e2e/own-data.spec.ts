// A user's own large table: kept out of the link, whose reader can add it.
import { expect, type Locator, test } from '@playwright/test'
import { openWorkspace, preferDevice, run, showPanel, stepsDone } from './app/workbench.ts'

interface OwnFile {
  name: string
  text: string
}

/** Drops files on an element, as from a folder. */
async function drop(target: Locator, files: readonly OwnFile[]): Promise<void> {
  const data = await target.page().evaluateHandle((given) => {
    const transfer = new DataTransfer()
    for (const { name, text } of given) transfer.items.add(new File([text], name))
    return transfer
  }, files)
  await target.dispatchEvent('drop', { dataTransfer: data })
}

/** Birds of two kinds that weight and place tell apart, and two rows that cannot be used. */
function birds(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const isHeavy = i % 2 === 0
    const weight = (isHeavy ? 5000 : 3700) + ((i * 37) % 400)
    return `${i},${i % 17 === 0 ? '' : weight},${isHeavy ? 'Biscoe' : 'Dream'},${isHeavy ? 'gentoo' : 'adelie'}`
  })
  lines[6] = '6,heavy,Biscoe,gentoo'
  lines[8] = '8,5000,Biscoe'
  return `id,weight,island,species\n${lines.join('\n')}\n`
}

const PROJECT = 'plugins:\n  use:\n    charts: {}\n'

test('a large file stays in this browser: a link asks for it, and its reader can add it', async ({
  page,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, { 'plugboard.yaml': PROJECT })
  const table = { name: 'large.csv', text: birds(20_000) }
  let panel = await showPanel(page, 'Data')
  await drop(panel.locator('.data-panel'), [table])
  const file = panel.getByRole('region', { name: 'data/large.csv' })
  await expect(file.getByRole('button', { name: '20,000 rows' })).toBeVisible()
  await file.getByLabel('Type of id').selectOption('ignore')
  await file.locator('.data-column', { hasText: 'species' }).getByLabel('label').check()
  await file.getByRole('button', { name: 'Use in experiment' }).click()
  await run(page)
  await expect.poll(() => stepsDone(page), { timeout: 60_000 }).toBeGreaterThan(3)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()

  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByLabel(/link/i).inputValue()
  expect(link.length).toBeLessThan(2500)

  // Another reader, who has nothing of it.
  const other = await page.context().browser()!.newContext()
  const reader = await other.newPage()
  await preferDevice(reader, 'cpu')
  await reader.goto(link)
  panel = await showPanel(reader, 'Data')
  const theirs = panel.getByRole('region', { name: 'data/large.csv' })
  await expect(theirs).toContainText('this workspace needs data/large.csv')
  await run(reader)
  const problems = await showPanel(reader, 'Problems')
  await expect(problems).toContainText('this workspace needs data/large.csv')
  panel = await showPanel(reader, 'Data')
  await drop(panel.locator('.data-panel'), [{ ...table, name: 'under another name.csv' }])
  await expect(theirs.getByRole('button', { name: '20,000 rows' })).toBeVisible()
  await run(reader)
  await expect.poll(() => stepsDone(reader), { timeout: 60_000 }).toBeGreaterThan(3)
  await other.close()
})
