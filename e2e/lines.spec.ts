// Logs and failures lead to their lines, by keyboard.
import { expect, type Page, test } from '@playwright/test'
import { openWorkspace, run, showPanel, tinyWorkspace } from './app/workbench.ts'

const TALKER = `import { plugin } from 'plugboard'

export default class Talker extends plugin({
  manifest: { name: 'talker', version: '1.0.0', category: 'callback' },
}) {
  start() {
    this.ctx.log.info('up')
    console.warn('by hand', { rows: 3 })
  }

  onStepEnd({ step }: { step: number }) {
    if (step > 1) throw new Error('no more steps')
  }
}
`
const files = {
  ...tinyWorkspace,
  'plugboard.yaml': `${tinyWorkspace['plugboard.yaml']}    talker: {}\n`,
  'plugins/talker.ts': TALKER,
}

const place = (page: Page, line: number, column: number) =>
  page.getByText(`Ln ${line}, Col ${column}`, { exact: true })

test('a line of the console, a failing hook and its quarantine lead to the source', async ({
  page,
}) => {
  await openWorkspace(page, files)
  await run(page)
  const panel = await showPanel(page, 'Console')
  // Others go on to write, which scrolls its lines out of the list.
  await panel.getByRole('textbox', { name: 'Filter by plugin or text' }).fill('talker')
  const log = page.getByRole('log', { name: 'Console' })
  const line = log.locator('.log-row', { hasText: 'by hand {"rows":3}' })
  await expect(line).toContainText('talker')
  await log.getByRole('button', { name: 'talker.ts:8' }).press('Enter')
  await expect(place(page, 8, 13)).toBeVisible()
  await log.getByRole('button', { name: 'talker.ts:7' }).press('Enter')
  await expect(place(page, 7, 18)).toBeVisible()

  const problems = await showPanel(page, 'Problems')
  const quarantined = problems.getByRole('listitem').filter({ hasText: 'no more steps' }).first()
  await quarantined.getByRole('button', { name: 'plugins/talker.ts:12:25' }).press('Enter')
  await expect(place(page, 12, 25)).toBeVisible()
})
