// The workbench as a user's hands and eyes have it, for browser tests.
import { expect, type Locator, type Page } from '@playwright/test'
import { encodeLink } from '#workspace'

export type Backend = 'auto' | 'webgpu' | 'webgl' | 'wasm' | 'cpu'
export type TestFiles = Record<string, string>

/** Collects what must not appear in a normal run: errors in the console, uncaught ones, refused policies. */
export function watchForErrors(page: Page): string[] {
  const seen: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content.Security.Policy/i.test(message.text()))
      seen.push(message.text())
  })
  page.on('pageerror', (error) => seen.push(error.message))
  return seen
}

/** The choice of device, as a user of this browser has left it. */
export async function preferDevice(page: Page, device: Backend): Promise<void> {
  await page.addInitScript((value) => {
    // The frame of the sandbox has no storage.
    if (origin === 'null') return
    const key = 'plugboard.preferences'
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as object
    localStorage.setItem(key, JSON.stringify({ ...kept, device: value }))
  }, device)
}

/** Opens a workspace by its link, also in a page that has another one open. */
export async function openWorkspace(page: Page, files: TestFiles, name = 'test'): Promise<void> {
  const link = encodeLink({ name, files: new Map(Object.entries(files)), active: 'plugboard.yaml' })
  await page.goto(`./${link}`)
  await expect(page).toHaveURL(/^[^#]*$/)
  await expect(deviceChip(page)).not.toContainText('Starting', { timeout: 30_000 })
}

/** Opens an example as a workspace of its own, from the palette. */
export async function openExample(page: Page, name: string): Promise<void> {
  // The page's load ends before the workbench hears keys.
  await expect(page.getByRole('button', { name: 'Command palette' })).toBeVisible()
  await page.keyboard.press('Control+K')
  await expect(page.getByRole('combobox', { name: 'Find an action or a command' })).toBeFocused()
  await page.keyboard.type(`from example ${name}`)
  const option = page.getByRole('option', { name: `New workspace from example ${name}` })
  await option.first().click()
  await expect(page.getByRole('button', { name: `Workspace ${name}` })).toBeVisible()
}

/** Chooses in the palette what fits `words` best. */
export async function choose(page: Page, words: string): Promise<void> {
  const find = page.getByRole('combobox', { name: 'Find an action or a command' })
  await page.keyboard.press('Control+K')
  await expect(find).toBeFocused()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await expect(find).toBeHidden()
}

export const deviceChip = (page: Page): Locator => page.getByRole('button', { name: /^Device:/ })
export const runButton = (page: Page): Locator =>
  page.getByRole('button', { name: 'Run', exact: true })
export const pauseButton = (page: Page): Locator => page.getByRole('button', { name: 'Pause' })
export const progress = (page: Page): Locator => page.locator('.progress')

export async function run(page: Page): Promise<void> {
  await runButton(page).click()
}

/** Steps done, as the progress shows them. */
export async function stepsDone(page: Page): Promise<number> {
  const parts = await progress(page).locator('span').allTextContents()
  const match = parts.map((text) => /^([\d,]+) \/ [\d,]+$/.exec(text)).find(Boolean)
  return match ? Number(match[1]!.replaceAll(',', '')) : 0
}

/** Waits until the run has done `count` more steps. */
export async function trainOn(page: Page, count = 3): Promise<void> {
  const from = await stepsDone(page)
  await expect.poll(() => stepsDone(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(from + count)
}

/** Brings a panel to the front by its tab. */
export async function showPanel(page: Page, title: string): Promise<Locator> {
  // A count may follow the title; another title may begin with it.
  const text = new RegExp(`^${title}(?![a-z])`)
  await page.locator('.dock-tab', { hasText: text }).first().click()
  return page.getByRole('region', { name: title }).first()
}

/** Opens a file and replaces its text, as by select all and paste. */
export async function edit(page: Page, path: string, text: string): Promise<void> {
  const name = path.split('/').at(-1)!
  await page.getByRole('tree', { name: 'Files' }).getByText(name, { exact: true }).click()
  await expect(page.getByRole('tab', { name, selected: true })).toBeVisible()
  const editor = page.getByRole('textbox', { name: new RegExp(`^${path.replaceAll('.', '\\.')}`) })
  await editor.focus({ timeout: 30_000 })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text)
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+V')
}

/** A dataset, a model and a loss of a few numbers, so that a step takes no time: y = 2 a - b + 1. */
export const restlessWorkspace: TestFiles = {
  'plugboard.yaml': `experiment:
  name: line
  dataset: line_data
  model: line_model
  training: { epochs: 100000, batch_size: 16, loss: mse, optimizer: { name: sgd, config: { learning_rate: 0.05 } } }
plugins:
  use:
    charts: {}
`,
  'plugins/line-data.ts': `import { plugin, type Table } from 'plugboard'

export default class LineData extends plugin({
  manifest: { name: 'line_data', version: '1.0.0', category: 'dataset', provides: ['dataset/line_data'] },
}) {
  initialize() {
    this.ctx.provide('dataset', 'line_data', (_config, { random }) => ({
      async load(): Promise<Table> {
        const rows = 160
        const input = random.normals(rows * 2)
        const target = Float32Array.from({ length: rows }, (_, i) => 2 * input[2 * i]! - input[2 * i + 1]! + 1)
        return {
          length: rows,
          columns: {
            input: { type: 'number', data: input, shape: [2], dtype: 'float32' },
            labels: { type: 'number', data: target, shape: [1], dtype: 'float32' },
          },
        }
      },
    }))
  }
}
`,
  'plugins/line-model.ts': lineModel(),
  'plugins/teller.ts': teller('first version'),
}

/** The same, trained at about 200 steps a second: it leaves the processor to the page and the test. */
export const tinyWorkspace: TestFiles = {
  ...restlessWorkspace,
  'plugins/pace.ts': `import { every, plugin } from 'plugboard'

export default class Pace extends plugin({
  manifest: { name: 'pace', version: '1.0.0', category: 'callback' },
  hooks: { onMetrics: { when: every.steps(10) } },
}) {
  async onMetrics() {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
`,
}

/** The model of `tinyWorkspace`; `factor` scales its output. */
export function lineModel(factor = 1): string {
  return `import { Module, nn, plugin, type TensorMap } from 'plugboard'
import * as tf from '@tensorflow/tfjs'

class Line extends Module {
  layer = new nn.Linear(2, 1)
  forward({ input }: TensorMap): TensorMap {
    return { predictions: this.layer.forward(input!).mul(tf.scalar(${factor})) }
  }
}

export default class LineModel extends plugin({
  manifest: { name: 'line_model', version: '1.0.0', category: 'model', provides: ['model/line_model'] },
}) {
  initialize() {
    this.ctx.provide('model', 'line_model', () => new Line())
  }
}
`
}

/** A callback that logs `text` and how often it was called, which a hot swap keeps. */
export function teller(text: string, body = ''): string {
  return `import { every, type HookArgs, plugin } from 'plugboard'

export default class Teller extends plugin({
  manifest: { name: 'teller', version: '1.0.0', category: 'callback' },
  hooks: { onMetrics: { when: every.steps(20) } },
}) {
  #calls = 0
  onMetrics({ step, metrics }: HookArgs<'onMetrics'>) {
    this.#calls++
    ${body}
    this.ctx.log.info(\`${text}, call \${this.#calls}, loss \${metrics['loss']!.toFixed(6)}, step \${step}\`)
  }
  capture() {
    return this.#calls
  }
  restore(calls: number) {
    this.#calls = calls
  }
}
`
}
