// Runs over reloads: two of different configs are compared, filtered, tagged, deleted and brought back, and begun again.
import { expect, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import {
  edit,
  openWorkspace,
  preferDevice,
  restlessWorkspace,
  run,
  runButton,
  showPanel,
} from './app/workbench.ts'

const config = (rate: number) =>
  restlessWorkspace['plugboard.yaml']!.replace('epochs: 100000', 'epochs: 3').replace(
    'learning_rate: 0.05',
    `learning_rate: ${rate}`,
  )

test('runs are kept over a reload, compared, tagged, deleted, brought back and begun again', async ({
  page,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, { ...restlessWorkspace, 'plugboard.yaml': config(0.05) })
  const rows = page.getByRole('grid', { name: 'Runs' }).getByRole('row')
  const row = (title: string) => rows.filter({ hasText: title })
  await showPanel(page, 'Runs')
  await expect(page.getByText('No runs yet').first()).toBeVisible()
  await run(page)
  await expect(row('run 1')).toContainText('finished')
  await showPanel(page, 'Editor')
  await edit(page, 'plugboard.yaml', config(0.2))
  await run(page)
  await showPanel(page, 'Runs')
  await expect(row('run 2')).toContainText('finished')

  await page.reload()
  await showPanel(page, 'Runs')
  await expect(rows).toHaveCount(3)
  await expect(row('run 1')).toContainText('0.05')

  await page.getByRole('checkbox', { name: 'Select run 1' }).check()
  await page.getByRole('checkbox', { name: 'Select run 2' }).check()
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  const compared = page.getByRole('group', { name: 'Comparison' })
  await expect(compared.getByRole('row', { name: /learning_rate/ })).toHaveText(/0\.05.*0\.2/)
  await expect(compared.getByRole('row', { name: /batch_size/ })).toHaveCount(0)
  expect(await findings(page, '.runs-panel')).toEqual([])
  await page.getByRole('button', { name: 'Table', exact: true }).click()

  await page.getByRole('button', { name: 'Show selected runs in charts' }).click()
  const charts = page.getByRole('region', { name: 'Charts' }).first()
  await expect(charts.getByRole('button', { name: /^run 1 · loss/ }).first()).toBeVisible()
  await expect(charts.locator('canvas').first()).toBeVisible()

  const grid = page.getByRole('grid', { name: 'Runs' })
  await grid.focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  const details = page.getByRole('region', { name: 'Details of run 1' })
  await details.getByRole('textbox', { name: 'Add a tag' }).fill('team: vision')
  await page.keyboard.press('Enter')
  await expect(row('run 1')).toContainText('team: vision')
  expect(await findings(page, '.runs-panel')).toEqual([])

  const filter = page.getByRole('textbox', { name: /^Filter: words/ })
  await filter.fill('/vis.on$/')
  await expect(rows).toHaveCount(2)
  await filter.fill('/(/')
  await expect(page.getByRole('alert').filter({ hasText: /group/i })).toBeVisible()
  await filter.fill('')

  await page.getByRole('button', { name: 'Delete selected runs' }).click()
  await expect(page.getByText('Deleted 2 runs.')).toBeVisible()
  await expect(rows).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rows).toHaveCount(3)

  await row('run 1').getByText('run 1').click()
  await expect(runButton(page)).toBeEnabled()
  await details.getByRole('button', { name: 'Run again with this config' }).click()
  await expect(row('run 3')).toContainText('finished')
  await expect(row('run 3')).toContainText('0.05')
})
