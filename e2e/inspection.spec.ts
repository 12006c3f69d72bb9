// Looking into a model and using it, while it trains and afterwards.
import { expect, type Page, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import {
  openWorkspace,
  run,
  showPanel,
  stepsDone,
  trainOn,
  watchForErrors,
} from './app/workbench.ts'

const DIGITS = {
  'plugboard.yaml': `experiment:
  name: digits
  dataset: digits
  model: mlp
  training: { max_steps: 40, batch_size: 64, validate_every: 20 }
plugins:
  use:
    charts: {}
    confusion_panel: { config: { rows: 200 } }
    weight_histograms: { config: { every_steps: 10 } }
`,
}

/** Draws a line on the pad, in shares of its side. */
async function draw(page: Page, from: [number, number], to: [number, number]) {
  const { x, y, width, height } = (await page.getByLabel(/^Pad to draw/).boundingBox())!
  await page.mouse.move(x + from[0] * width, y + from[1] * height)
  await page.mouse.down()
  await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 8 })
  await page.mouse.up()
}

test('panels show what a model confuses, and a drawn digit is recognised while it trains and after', async ({
  page,
}) => {
  const errors = watchForErrors(page)
  await openWorkspace(page, DIGITS)
  await showPanel(page, 'Try it')
  await expect(page.getByText('No model yet')).toBeVisible()
  await run(page)
  const answer = page.getByRole('status', { name: 'What the model says' })
  await expect(answer.getByRole('listitem')).toHaveCount(10, { timeout: 60_000 })
  await draw(page, [0.5, 0.15], [0.48, 0.85])
  // Asked again by itself while it learns, and once more at the end.
  await expect(answer).toContainText('after 40 steps', { timeout: 90_000 })
  await expect(answer.locator('[data-best]')).toContainText('1')
  expect(await findings(page)).toEqual([])
  // The drawing is still there where the layout is another one.
  const { width, height } = page.viewportSize()!
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('tab', { name: 'Try it' }).click()
  await expect(answer.locator('[data-best]')).toContainText('1')
  await page.setViewportSize({ width, height })
  await page.locator('.try-draw').getByRole('button', { name: 'Example' }).click()
  await expect(answer.locator('[data-best]')).toBeVisible()

  await showPanel(page, 'Weights')
  await expect(page.getByRole('group', { name: /^layers\.0\.weight: histograms at/ })).toBeVisible()
  await showPanel(page, 'Confusion')
  const map = page.getByRole('group', { name: 'heat map of 10 rows and 10 columns' })
  await map.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText(/^true class 1, predicted 1: \d+$/)).toBeVisible()
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Table', exact: true }).click()
  await expect(page.getByRole('columnheader', { name: 'true class \\ predicted' })).toBeVisible()
  expect(errors).toEqual([])
})

test('a text is written by the newest weights whenever its panel is opened, and keeps what was typed', async ({
  page,
}) => {
  await openWorkspace(page, {
    'plugboard.yaml': `experiment:
  name: names
  dataset: names
  tokenizer: char
  preprocess: [{ name: next_token, config: { context: 8 } }]
  model: { name: gpt, config: { layers: 1, heads: 1, width: 8 } }
  training: { epochs: 50, batch_size: 8 }
`,
  })
  await run(page)
  await showPanel(page, 'Try it')
  const answer = page.getByRole('status', { name: 'What the model says' })
  await expect(answer).toContainText(/after [\d,]+ steps/, { timeout: 60_000 })
  const text = page.getByRole('textbox', { name: 'text', exact: true })
  await text.fill('ma')
  await showPanel(page, 'Charts')
  await trainOn(page, 20)
  const done = await stepsDone(page)
  await showPanel(page, 'Try it')
  const step = async () =>
    Number(/after ([\d,]+)/.exec(await answer.innerText())?.[1]?.replace(',', ''))
  await expect.poll(step).toBeGreaterThanOrEqual(done)
  await expect(text).toHaveValue('ma')
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await run(page)
  await expect(text).toHaveValue('ma', {
    timeout: 30_000,
  })
  await expect(answer).toContainText(/^ma/)
})
