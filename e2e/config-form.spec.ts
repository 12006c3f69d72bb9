// The project file as a form: one document with its text, and enough to train without any text.
import { expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { edit, openWorkspace, showPanel, tinyWorkspace, watchForErrors } from './app/workbench.ts'

const field = (page: Page, name: string) =>
  page
    .locator('.config-field')
    .filter({ has: page.getByText(name, { exact: true }) })
    .last()
const code = (page: Page) => page.locator('.monaco-editor .view-lines').first()

/** Lines of the editor; Monaco writes spaces that do not break. */
const shownText = async (page: Page): Promise<string> =>
  (await code(page).innerText()).replaceAll('\u00A0', ' ')

const PROJECT = `# mine
experiment:
  name: line # of the run
  dataset: line_data
  model: line_model
  training:
    # Enough for a look.
    epochs: 2
    batch_size: 16
    loss: mse
    optimizer: { name: sgd, config: { learning_rate: 0.05 } } # slow
plugins:
  use:
    charts: {}
`

test('form and text are one document: comments stay, each shows what the other wrote, undo is one', async ({
  page,
}) => {
  const errors = watchForErrors(page)
  await openWorkspace(page, { ...tinyWorkspace, 'plugboard.yaml': PROJECT })
  await expect(code(page)).toContainText('line_data')
  const panel = await showPanel(page, 'Config')
  const epochs = page.getByRole('spinbutton', { name: 'Epochs', exact: true })
  await expect(epochs).toHaveValue('2')

  await epochs.fill('3')
  await epochs.press('Enter')
  await page.getByRole('combobox', { name: 'Schedule', exact: true }).selectOption('cosine')
  await field(page, 'Epochs').hover()
  await page.getByRole('button', { name: 'Epochs: go to its line' }).click()
  await expect(page.getByText('Ln 8, Col 5')).toBeVisible()
  await expect.poll(() => shownText(page)).toContain(`    # Enough for a look.
    epochs: 3
    batch_size: 16
    loss: mse
    optimizer: { name: sgd, config: { learning_rate: 0.05 } } # slow
    schedule: cosine
`)

  // From the text: the cursor's setting is found in the form, and what is typed is seen there.
  await page.keyboard.press('Control+Z')
  await expect.poll(() => shownText(page)).not.toContain('schedule')
  await page.keyboard.press('Control+Shift+E')
  await expect(epochs).toBeFocused()
  await expect(page.getByRole('combobox', { name: 'Schedule', exact: true })).toHaveValue('')

  // A wrong value is told at its field and among the problems, in the same words.
  await epochs.fill('0')
  await epochs.press('Enter')
  const wrong = field(page, 'Epochs').getByRole('alert')
  await expect(wrong).toContainText('`experiment.training.epochs` is 0')
  await expect(epochs).toHaveAttribute('aria-invalid', 'true')
  const message = (await wrong.locator('p').innerText()).replace(/ \(.*\)$/, '')
  const problems = await showPanel(page, 'Problems')
  await expect(problems).toContainText(message)
  expect(await findings(page, '.panel-column')).toEqual([])
  await panel.getByRole('button', { name: 'Undo in plugboard.yaml' }).click()
  await expect(epochs).toHaveValue('3')
  await expect(wrong).toHaveCount(0)

  await panel.getByLabel('Find a setting').fill('learning rate')
  await expect(epochs).toHaveCount(0)
  await panel.getByLabel('Find a setting').fill('')
  await panel.getByRole('button', { name: 'Only what is set' }).click()
  await expect(epochs).toBeVisible()
  await expect(panel.getByRole('spinbutton', { name: 'Seed', exact: true })).toHaveCount(0)
  await panel.getByRole('button', { name: 'Only what is set' }).click()

  // A broken text says where, and the form is back once it is whole again.
  await edit(page, 'plugboard.yaml', `${PROJECT}  broken: [1\n`)
  await showPanel(page, 'Config')
  await expect(panel).toContainText('plugboard.yaml cannot be read')
  await panel.getByRole('button', { name: /^Go to line 1\d/ }).click()
  await expect(page.getByText(/Ln 1\d, Col/)).toBeVisible()
  await page.keyboard.press('Control+Z')
  await showPanel(page, 'Config')
  await expect(epochs).toHaveValue('3')
  expect(errors).toEqual([])
})
