// A model graph as a user sees it: drawn, and followed to its lines.
import { expect, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import { openWorkspace, showPanel, tinyWorkspace } from './app/workbench.ts'

const graph = `description: two branches
inputs: [input]
config: { units: 8 }
nodes:
  - { name: wide, layer: linear, config: { units: $units } }
  - name: blocks
    repeat: 2
    nodes:
      - { name: act, layer: tanh }
      - { name: inner, layer: linear, config: { units: $units } }
      - { name: sum, layer: add, inputs: [inner, input] }
  - { name: head, layer: linear, config: { units: 1 } }
outputs: { predictions: head }
`

const workspace = {
  ...tinyWorkspace,
  'models/net.yaml': graph,
  'plugboard.yaml': tinyWorkspace['plugboard.yaml']!.replace(/model: .*/, 'model: net'),
}

test('a model graph is drawn, can be walked by keyboard, and leads to its lines', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openWorkspace(page, workspace)
  await showPanel(page, 'Model')
  await page.getByRole('button', { name: 'Build the model', exact: true }).click()
  const area = page.getByRole('group', { name: /^Graph of the model/ })
  const head = area.getByRole('button', { name: /^head linear/ })
  await expect(head).toContainText('1 · 9 parameters', { timeout: 60_000 })
  await expect(area.getByRole('button')).toHaveCount(8)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await findings(page), colorScheme).toEqual([])
  }
  // By keyboard: zoomed in, a node that has the focus comes into view.
  await area.focus()
  for (let i = 0; i < 4; i++) await page.keyboard.press('+')
  await head.focus()
  await expect(head).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'net.yaml', selected: true })).toBeVisible()
})
