// The editor in a real browser: types of the libraries, tabs, compiled syntax, work kept over a reload.
import { expect, type Page, test } from '@playwright/test'

/** Types arrive with Monaco and its seven megabytes of TypeScript: slow on a busy machine. */
const SLOW = { timeout: 60_000 }

const text = (page: Page) => page.locator('.monaco-editor .view-lines').first()
const line = (page: Page, content: RegExp) => page.locator('.view-line', { hasText: content })
const problems = (page: Page) => page.getByRole('list', { name: 'Problems' })

async function open(page: Page): Promise<void> {
  await page.goto('./')
  await expect(text(page)).toBeVisible(SLOW)
}

async function newFile(page: Page, path: string, content: string): Promise<void> {
  await page.getByRole('button', { name: 'New file' }).click()
  await page.getByLabel('Path of the new file').fill(path)
  await page.keyboard.press('Enter')
  await expect(
    page.getByRole('tab', { name: path.split('/').at(-1)!, selected: true }),
  ).toBeVisible()
  await replaceText(page, content)
}

/** Puts `content` into the editor as a paste does: no auto-closing brackets, no suggestions. */
async function replaceText(page: Page, content: string): Promise<void> {
  await text(page).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(content)
}

/** Puts the cursor at the end of the last line. */
async function typeAtEnd(page: Page, content: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type(content)
}

const PLUGIN = `import { plugin, z, type HookArgs } from 'plugboard'
import * as tf from '@tensorflow/tfjs'

export default class Greeter extends plugin({
  manifest: { name: 'greeter', version: '1.0.0' },
  config: z.object({ greeting: z.string().default('hi'), times: z.int().default(2) }),
}) {
  onEpochEnd({ epoch }: HookArgs<'onEpochEnd'>) {
    this.ctx.log.info(\`\${this.config.greeting} \${epoch}\`)
  }
}
`

test('[W01] completes, documents and checks against the real types', async ({ page }) => {
  await open(page)
  await newFile(page, 'plugins/greeter.ts', PLUGIN)

  await line(page, /onEpochEnd\(/)
    .locator('span > span', { hasText: 'HookArgs' })
    .hover()
  await expect(page.locator('.monaco-hover:visible')).toContainText('HookName', SLOW)
  await page.keyboard.press('Escape')

  await text(page).click()
  await typeAtEnd(page, 'tf.matM')
  const suggestions = page.locator('.suggest-widget .monaco-list-row')
  await expect(suggestions.filter({ hasText: 'matMul' }).first()).toBeVisible(SLOW)
  await page.keyboard.press('Escape')

  await replaceText(page, PLUGIN.replace('this.ctx.log.info(', 'this.ctx.log.info(this.config.'))
  await line(page, /this.ctx.log.info/).click()
  await page.keyboard.press('Home')
  for (let i = 0; i < 'this.ctx.log.info(this.config.'.length; i++) {
    await page.keyboard.press('ArrowRight')
  }
  await page.keyboard.press('ControlOrMeta+Space')
  await expect(suggestions.filter({ hasText: 'greeting' })).toBeVisible(SLOW)
  await expect(suggestions.filter({ hasText: 'times' })).toBeVisible()
  await page.keyboard.press('Escape')

  await replaceText(page, PLUGIN.replace('epoch}', 'epoch.nothing}'))
  await expect(page.locator('.squiggly-error')).toBeVisible(SLOW)
  await page.getByRole('tab', { name: /Problems/ }).click()
  await expect(problems(page)).toContainText(
    "Property 'nothing' does not exist on type 'number'",
    SLOW,
  )
  await problems(page)
    .getByRole('button', { name: /plugins\/greeter\.ts:9:/ })
    .click()
  await expect(page.getByText(/^Ln 9, Col \d+$/)).toBeVisible()
})

test('[K11] plugboard.yaml completes names of plugins and explains their settings', async ({
  page,
}) => {
  await open(page)
  await newFile(page, 'plugins/greeter.ts', PLUGIN)
  await page.getByRole('treeitem', { name: 'plugboard.yaml' }).click()
  await expect(line(page, /^experiment:/)).toBeVisible(SLOW)
  await replaceText(page, 'plugins:\n  use:\n    gradient_clipping: { config: { max_norm: 2 } }\n')
  await expect(async () => {
    await text(page).hover()
    await line(page, /max_norm/)
      .getByText('max_norm')
      .hover()
    await expect(page.locator('.monaco-hover:visible')).toContainText('norm of all gradients')
  }).toPass(SLOW)
  await page.keyboard.press('Escape')
  await typeAtEnd(page, '    gree')
  await expect(async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+Space')
    await expect(
      page.locator('.suggest-widget .monaco-list-row', { hasText: 'greeter' }),
    ).toBeVisible()
  }).toPass(SLOW)
})

test('documentation of the sdk is shown on hover', async ({ page }) => {
  await open(page)
  await newFile(page, 'lib.ts', "import { defineService } from 'plugboard'\n\ndefineService('x')\n")
  await line(page, /^defineService/)
    .locator('span > span')
    .first()
    .hover()
  const hover = page.locator('.monaco-hover:visible')
  await expect(hover).toContainText('Declares a service under a name', SLOW)
})

test('go to definition opens the source of the sdk, to read only', async ({ page }) => {
  await open(page)
  await newFile(page, 'lib.ts', "import { defineService } from 'plugboard'\n\ndefineService('x')\n")
  await line(page, /^defineService/).click({ position: { x: 20, y: 10 } })
  await page.keyboard.press('F12')
  await expect(page.getByRole('tab', { name: 'services.ts', selected: true })).toBeVisible(SLOW)
  await expect(page.getByText('Library source, to read only.')).toBeVisible()
})

test('a change in one file shows in those that import it', async ({ page }) => {
  await open(page)
  await newFile(page, 'lib.ts', 'export const size = 1\n')
  await newFile(
    page,
    'use.ts',
    "import { size } from './lib.ts'\nexport const half: number = size / 2\n",
  )
  await page.getByRole('tab', { name: 'lib.ts' }).click()
  await replaceText(page, "export const size = 'big'\n")
  await page.getByRole('tab', { name: /Problems/ }).click()
  await expect(problems(page)).toContainText('The left-hand side of an arithmetic operation', SLOW)
  await expect(problems(page)).toContainText('use.ts:2:')
})

test('[W02] enum, parameter property, decorator, accessor and using compile; a syntax error is located', async ({
  page,
}) => {
  await open(page)
  const modern = `import { plugin } from 'plugboard'
enum Kind { A = 3 }
class Part { constructor(readonly kind: Kind) {} [Symbol.dispose]() {} }
function twice(target: () => string, _: ClassMethodDecoratorContext) {
  return function (this: unknown) { return target.call(this as never).repeat(2) }
}
export default class Modern extends plugin({ manifest: { name: 'modern', version: '1.0.0' } }) {
  accessor count = 1
  @twice
  label() { return 'x' }
  initialize() { using part = new Part(Kind.A); this.ctx.log.info(this.label() + part.kind + this.count) }
}
`
  await newFile(page, 'plugins/modern.ts', modern)
  const plugins = page.getByText('modern', { exact: true })
  await expect(plugins.first()).toBeVisible(SLOW)

  await replaceText(page, modern.replace('accessor count = 1', 'accessor count = = 1'))
  await page.getByRole('tab', { name: /Problems/ }).click()
  await expect(problems(page)).toContainText('Expression expected', SLOW)
  await expect(problems(page)).toContainText(/plugins\/modern\.ts:8:\d+/)
})

test('tabs keep place and text; the Tab key can leave the text', async ({ page }) => {
  await open(page)
  await newFile(page, 'a.md', Array.from({ length: 80 }, (_, i) => `line ${i + 1}`).join('\n'))
  await expect(page.getByText('Ln 80, Col 8')).toBeVisible()
  await page.getByRole('treeitem', { name: 'plugboard.yaml' }).click()
  await expect(page.getByText('Ln 1, Col 1')).toBeVisible()
  await page.getByRole('tab', { name: 'a.md' }).click()
  await expect(page.getByText('Ln 80, Col 8')).toBeVisible()
  await expect(line(page, /line.80$/)).toBeVisible()

  await text(page).click()
  await page.keyboard.press('ControlOrMeta+M')
  await expect(page.getByRole('button', { name: /Tab moves focus/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(
    page.locator('.monaco-editor textarea:focus, .native-edit-context:focus'),
  ).toHaveCount(0)

  await page.getByTitle('Close a.md').click()
  await expect(page.getByRole('tab', { name: 'a.md' })).toHaveCount(0)
})

test('files are made, renamed, deleted and brought back; bad names say why', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'New file' }).click()
  await page.getByLabel('Path of the new file').fill('../x.ts')
  await expect(page.getByText('it starts at the workspace and never leaves it')).toBeVisible()
  await page.keyboard.press('Escape')

  await newFile(page, 'data/a.txt', 'hello')
  await page.getByRole('treeitem', { name: 'a.txt' }).focus()
  await page.keyboard.press('F2')
  await page.getByLabel('New path of data/a.txt').fill('data/b.txt')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'b.txt' })).toBeVisible()
  await page.getByRole('treeitem', { name: 'b.txt' }).focus()
  await page.keyboard.press('Delete')
  await expect(page.getByRole('treeitem', { name: 'b.txt' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('treeitem', { name: 'b.txt' })).toBeVisible()
})

test('a reload keeps the work, and other workspaces keep theirs', async ({ page }) => {
  await open(page)
  await newFile(page, 'notes.md', 'kept 😀')
  await page.reload()
  await expect(page.getByRole('tab', { name: 'notes.md', selected: true })).toBeVisible(SLOW)
  await expect(text(page)).toContainText('kept', SLOW)

  const menu = page.getByRole('button', { name: /^Workspace / })
  await menu.click()
  await page.getByRole('menuitem', { name: /New, empty/ }).click()
  await expect(page.getByRole('button', { name: 'Workspace untitled' })).toBeVisible()
  await expect(page.getByRole('treeitem', { name: 'notes.md' })).toHaveCount(0)
  await menu.click()
  await page.getByRole('menuitem', { name: /^names.*\d:\d\d/ }).click()
  await expect(page.getByRole('treeitem', { name: 'notes.md' })).toBeVisible()
})
