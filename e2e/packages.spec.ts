// Packages: a plugin leaves as an npm package and comes back in another workspace; the index that ships is browsed.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type Page, test } from '@playwright/test'
import { zipSync } from 'fflate'
import { encodeLink } from '#workspace'
import { findings } from './app/axe.ts'
import { openWorkspace, preferDevice, run, type TestFiles } from './app/workbench.ts'

const PROJECT = `experiment:
  name: small
  dataset: names
  tokenizer: char
  preprocess: [{ name: next_token, config: { context: 6 } }]
  model: { name: gpt, config: { layers: 1, heads: 1, width: 8 } }
  training:
    max_steps: 4
    batch_size: 16
    optimizer: { name: adamw, config: { learning_rate: 0.01 } }
    loss: cross_entropy
plugins:
  use: {}
`
const GREETER = `import { plugin, z } from 'plugboard'
import { greeting } from '../lib/greeting.ts'

export default class Greeter extends plugin({
  manifest: { name: 'greeter', version: '1.0.0', category: 'callback', description: 'Greets each run' },
  config: z.object({ name: z.string().default('world').describe('whom') }),
}) {
  onTrainBegin() {
    this.ctx.log.info(greeting(this.config.name))
  }
}
`
const WORKSPACE: TestFiles = {
  'plugboard.yaml': PROJECT,
  'plugins/greeter.ts': GREETER,
  'lib/greeting.ts': 'export const greeting = (name: string): string => `good day, ${name}`\n',
}

async function act(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+K')
  await page.keyboard.insertText(title)
  await page.getByRole('option', { name: title }).first().click()
}

async function expectLog(page: Page, text: string): Promise<void> {
  await page.getByRole('tab', { name: /^Console/ }).click()
  await expect(page.getByText(text).first()).toBeVisible({ timeout: 60_000 })
}

test('[K21] a plugin becomes a package, which a fresh workspace takes and runs', async ({
  page,
  browser,
  baseURL,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, WORKSPACE)
  await act(page, 'Make an npm package')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Make the package' }).click()
  const download = await saved
  expect(download.suggestedFilename()).toBe('plugboard-greeter-1.0.0.tgz')
  const archive = await readFile(await download.path())

  const other = await (await browser.newContext({ baseURL: baseURL! })).newPage()
  await preferDevice(other, 'cpu')
  await openWorkspace(other, { 'plugboard.yaml': PROJECT })
  await act(other, 'Packages…')
  await other.getByRole('tab', { name: 'From elsewhere' }).click()
  await other.getByLabel('Archive of a package').setInputFiles({
    name: 'plugboard-greeter-1.0.0.tgz',
    mimeType: 'application/gzip',
    buffer: archive,
  })
  const look = other.getByRole('article', { name: 'Package plugboard-greeter' })
  await expect(look.getByText('Greets each run').first()).toBeVisible({ timeout: 30_000 })
  expect(await findings(other, '.share-dialog')).toEqual([])
  await look.getByRole('button', { name: 'Install' }).click()
  await expect(other.getByRole('tab', { name: 'Installed (1)' })).toBeVisible()
  await other.keyboard.press('Escape')
  await run(other)
  await expectLog(other, 'good day, world')
  await other.context().close()
})

test('[P25] the index is browsed, a package installed and removed; a bad archive is refused', async ({
  page,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, { 'plugboard.yaml': PROJECT })
  await act(page, 'Packages…')
  await page.getByLabel('Search packages').fill('optimizer lion')
  await page.getByRole('button', { name: /^plugboard-lion/ }).click()
  const look = page.getByRole('article', { name: 'Package plugboard-lion' })
  await expect(look.getByLabel('Plugins in it').getByText('lion', { exact: true })).toBeVisible({
    timeout: 30_000,
  })
  expect(await findings(page, '.share-dialog')).toEqual([])
  await look.getByRole('button', { name: 'Install' }).click()
  await page.getByRole('tab', { name: 'Installed (1)' }).click()
  await page.getByRole('button', { name: 'Remove plugboard-lion' }).click()
  await expect(page.getByText('No packages yet')).toBeVisible()

  await page.getByRole('tab', { name: 'From elsewhere' }).click()
  const buffer = Buffer.from(
    zipSync({ 'package.json': new Uint8Array(2), '../x.ts': new Uint8Array(2) }),
  )
  await page
    .getByLabel('Archive of a package')
    .setInputFiles({ name: 'bad.zip', mimeType: 'application/zip', buffer })
  await expect(page.getByText(/bad\.zip cannot be opened: A path must not contain/)).toBeVisible()
})

test('a plugin link asks, a frame shows the workspace, a zip opens as a new one', async ({
  page,
  baseURL,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, { ...WORKSPACE, 'plugins/greeter.ts': '// mine\n' })
  const { 'plugboard.yaml': _, ...files } = WORKSPACE
  const shared = {
    name: 'greeter',
    files: new Map(Object.entries(files)),
    active: 'plugins/greeter.ts',
  }
  const link = encodeLink(shared, 'plugin')
  await page.evaluate((hash) => (location.hash = hash), link)
  const dialog = page.getByRole('dialog', { name: 'A plugin from a link' })
  await expect(dialog.getByLabel('Plugins in it').getByText('Greets each run')).toBeVisible({
    timeout: 30_000,
  })
  expect(await findings(page, '.share-dialog')).toEqual([])
  await dialog.getByLabel(/Replace mine: plugins\/greeter\.ts/).check()
  await dialog.getByRole('button', { name: /^Add to / }).click()
  await expect(page.locator('.monaco-editor .view-lines').first()).toContainText('class Greeter')

  const saved = page.waitForEvent('download')
  await act(page, 'Download workspace as zip')
  const zip = await readFile(await (await saved).path())
  await act(page, 'Import a workspace')
  await page
    .getByLabel('Zip of a workspace')
    .setInputFiles({ name: 'back.zip', mimeType: 'application/zip', buffer: zip })
  await expect(page.getByRole('button', { name: 'Workspace back' })).toBeVisible()
  await expect(page.getByText(/This code came from a zip\. Nothing runs/)).toBeVisible()

  // The frame of somebody else's page: another origin on loopback.
  const hash = encodeLink({ name: 'framed', files: new Map(Object.entries(WORKSPACE)) })
  const host = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(
      `<iframe src="${baseURL}?embed=editor,run${hash}" width="900" height="500"></iframe>`,
    )
  })
  await new Promise<void>((resolve) => void host.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = host.address() as AddressInfo
    await page.goto(`http://localhost:${port}/`)
    const frame = page.frameLocator('iframe').first()
    await expect(frame.getByRole('link', { name: 'Open in Plugboard' })).toHaveAttribute(
      'href',
      /#w1\./,
      { timeout: 60_000 },
    )
    await frame.getByRole('button', { name: 'Run', exact: true }).click()
    await expect(frame.getByText(/4 \/ 4/)).toBeVisible({ timeout: 60_000 })
  } finally {
    host.close()
  }
})
