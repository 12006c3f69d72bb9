// A teacher's lesson without a line of code: an own table, three settings of the form, their comparison, a picture of it.
import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { decode } from 'fast-png'
import { findings } from './app/axe.ts'
import {
  choose,
  deviceChip,
  preferDevice,
  run,
  runButton,
  showPanel,
  watchForErrors,
} from './app/workbench.ts'

test.use({ actionTimeout: 20_000 })

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

/** The n-th run, with as many hidden units as `width` says, by the form. */
async function trainWith(page: Page, width: string, n: number): Promise<void> {
  const panel = await showPanel(page, 'Config')
  const hidden = panel.getByRole('group', { name: 'Hidden', exact: true })
  const size = hidden.getByRole('textbox').or(hidden.getByRole('spinbutton'))
  await size.fill(width)
  await size.press('Enter')
  await expect(runButton(page)).toBeEnabled()
  await run(page)
  const runs = await showPanel(page, 'Runs')
  const row = runs.getByRole('row').filter({ hasText: `run ${n}` })
  await expect(row).toContainText('finished', { timeout: 60_000 })
}

test('an own table is trained on with three settings, compared, and leaves as a picture', async ({
  page,
}) => {
  test.slow()
  const errors = watchForErrors(page)
  await preferDevice(page, 'cpu')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto('./')
  await expect(deviceChip(page)).not.toContainText('Starting', { timeout: 30_000 })

  await test.step('an empty workspace takes the table; two bad rows are shown', async () => {
    await choose(page, 'examples and templates')
    await page.getByRole('button', { name: 'Empty', exact: true }).click()
    const panel = await showPanel(page, 'Data')
    const chooser = page.waitForEvent('filechooser')
    await panel.getByRole('button', { name: 'Add files' }).click()
    await (
      await chooser
    ).setFiles({ name: 'my birds.csv', mimeType: 'text/csv', buffer: Buffer.from(birds(120)) })
    const file = panel.getByRole('region', { name: 'data/my-birds.csv' })
    await expect(file.getByRole('button', { name: '120 rows' })).toBeVisible()
    await file.getByRole('button', { name: '2 faulty' }).click()
    await expect(file).toContainText('Line 8, column weight is no number')
    await expect(file).toContainText('Line 10 has 3 cells, but there are 4 columns')
    expect(await findings(page, '.data-panel')).toEqual([])
    await file.getByRole('button', { name: '4 columns' }).click()
    await expect(file.getByRole('button', { name: 'Use in experiment' })).toBeDisabled()
    await file.getByLabel('Type of id').selectOption('ignore')
    await file.locator('.data-column', { hasText: 'species' }).getByLabel('label').check()
    await expect(file).toContainText('gentoo 50 %')
    expect(await findings(page, '.data-panel')).toEqual([])
    await file.getByRole('button', { name: 'Use in experiment' }).click()
  })

  await test.step('three runs, set in the form', async () => {
    const panel = page.getByRole('region', { name: 'Config' }).first()
    await expect(panel.getByRole('combobox', { name: 'Dataset', exact: true })).toHaveValue('table')
    // Settings of components are known once their plugins are up.
    await panel.getByRole('button', { name: 'Bring plugins up' }).click()
    const epochs = panel.getByRole('spinbutton', { name: 'Epochs', exact: true })
    await epochs.fill('4')
    await epochs.press('Enter')
    expect(await findings(page, '.panel-column')).toEqual([])
    const hidden = panel.getByRole('group', { name: 'Hidden', exact: true })
    await hidden.getByRole('button', { name: 'Change' }).click()
    for (const [index, width] of ['1', '4', '32'].entries()) await trainWith(page, width, index + 1)
    const log = await showPanel(page, 'Console')
    await expect(log).toContainText('2 of 120 rows of data/my-birds.csv cannot be used: line 8')
  })

  await test.step('the runs side by side', async () => {
    const runs = await showPanel(page, 'Runs')
    for (const name of ['run 1', 'run 2', 'run 3'])
      await runs.getByRole('checkbox', { name: `Select ${name}` }).check()
    await runs.getByRole('button', { name: 'Compare', exact: true }).click()
    const compared = runs.getByRole('group', { name: 'Comparison' })
    await expect(compared.getByRole('row', { name: /hidden/ })).toHaveText(/1.*4.*32/)
    await expect(compared.getByRole('row', { name: /epochs/ })).toHaveCount(0)
    await expect(compared.getByRole('row', { name: /val_accuracy/ })).toContainText('1')
    expect(await findings(page, '.runs-panel')).toEqual([])
    await runs.getByRole('button', { name: 'Show selected runs in charts' }).click()
  })

  await test.step('the chart of all three as a picture', async () => {
    const charts = page.getByRole('region', { name: 'Charts' }).first()
    for (const name of ['run 1', 'run 2', 'run 3'])
      await expect(charts.getByRole('button', { name: `${name} · loss` })).toBeVisible()
    await page.getByRole('button', { name: 'More about Loss' }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Download PNG' }).click()
    const download = await saved
    expect(download.suggestedFilename()).toMatch(/loss.*\.png$/)
    const picture = decode(await readFile(await download.path()))
    expect(picture.width).toBeGreaterThanOrEqual(600)
    expect(picture.height).toBeGreaterThanOrEqual(300)
    // Background, text and three curves at least: no blank sheet.
    const { data, channels } = picture
    const colours = new Set<string>()
    for (let at = 0; at < data.length; at += channels) colours.add(data.slice(at, at + 3).join())
    expect(colours.size).toBeGreaterThan(20)
  })
  expect(errors).toEqual([])
})
