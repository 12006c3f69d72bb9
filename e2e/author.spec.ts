// An author's hour: a plugin from a template, made wrong and mended, tested, swapped while it trains, measured, given away.
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { unpackTar } from 'modern-tar'
import { findings } from './app/axe.ts'
import { choose, deviceChip, run, showPanel, trainOn, watchForErrors } from './app/workbench.ts'

const code = (page: Page) => page.getByRole('textbox', { name: /^plugins\/loss-watch\.ts/ })

/** Replaces text of the open file by the editor's own find and replace. */
async function replace(page: Page, found: string, by: string): Promise<void> {
  await code(page).focus()
  await page.keyboard.press('Control+H')
  const widget = page.locator('.find-widget')
  await widget.getByRole('textbox', { name: 'Find' }).fill(found)
  await widget.getByRole('textbox', { name: 'Replace' }).fill(by)
  await page.keyboard.press('Control+Alt+Enter')
  await page.keyboard.press('Escape')
}

test.use({ actionTimeout: 20_000 })

test('[K22] a plugin from a template is mended, tested, trained with, swapped, profiled and packed', async ({
  page,
}) => {
  test.slow()
  const errors = watchForErrors(page)
  await page.goto('./')
  await expect(deviceChip(page)).not.toContainText('Starting', { timeout: 30_000 })
  await choose(page, 'examples and templates')
  await page.getByRole('button', { name: 'Table of your own' }).click()
  await expect(page.getByRole('button', { name: 'Workspace table' })).toBeVisible()

  await test.step('a template is found by a word, its name judged, its files seen ahead', async () => {
    await choose(page, 'new plugin')
    const dialog = page.getByRole('dialog', { name: 'New plugin' })
    const search = dialog.getByRole('combobox', { name: 'Find a kind of plugin' })
    await expect(search).toBeFocused()
    await page.keyboard.type('accuracy')
    await expect(dialog.getByRole('option', { selected: true })).toContainText('metric')
    await search.fill('log')
    await expect(dialog.getByRole('option', { selected: true })).toContainText('callback')
    await page.keyboard.press('Enter')
    const name = dialog.getByRole('textbox', { name: 'Name' })
    await expect(name).toBeFocused()
    await page.keyboard.type('Loss Watch')
    await expect(name).toHaveAccessibleDescription(/"Loss Watch" is no name for a plugin/)
    await expect(dialog.getByRole('button', { name: 'Make it' })).toBeDisabled()
    expect(await findings(page, '.new-plugin')).toEqual([])
    await dialog.getByRole('button', { name: 'Name it loss_watch' }).click()
    await expect(name).toHaveValue('loss_watch')
    await expect(dialog).toContainText('tests/loss-watch.test.ts')
    await dialog.getByText('plugins/loss-watch.ts', { exact: true }).click()
    await expect(dialog.getByLabel('Text for plugins/loss-watch.ts')).toContainText(
      'class LossWatch',
    )
    expect(await findings(page, '.new-plugin')).toEqual([])
    await name.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole('tab', { name: 'loss-watch.ts', selected: true })).toBeVisible()
    await expect(code(page)).toBeFocused({ timeout: 30_000 })
  })

  await test.step('a type error is led to, and mended by the quick fix', async () => {
    await replace(page, 'value.toFixed(3)}${', 'value.toFixd(3)}${')
    const problems = await showPanel(page, 'Problems')
    const problem = problems.getByText(/Property 'toFixd' does not exist/)
    await expect(problem).toBeVisible({ timeout: 30_000 })
    await problems.getByRole('button', { name: /plugins\/loss-watch\.ts:31:58/ }).click()
    await expect(code(page)).toBeFocused()
    await expect(page.getByText(/^Ln 31, Col 58/)).toBeVisible()
    await page.keyboard.press('Control+.')
    await expect(page.getByText("Change spelling to 'toFixed'")).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(problem).toHaveCount(0)
  })

  await test.step('a test of it fails, leads to the line, and passes', async () => {
    await replace(page, ', before ', ', was ')
    const tests = await showPanel(page, 'Tests')
    await tests.getByRole('button', { name: 'Run all' }).click()
    await expect(tests.getByRole('status')).toContainText('2 passed, 1 failed')
    await tests
      .getByRole('button', { name: /^tests\/loss-watch\.test\.ts:\d+:\d+/ })
      .first()
      .click()
    await expect(
      page.getByRole('tab', { name: 'loss-watch.test.ts', selected: true }),
    ).toBeVisible()
    await page.getByRole('tab', { name: 'loss-watch.ts' }).click()
    await replace(page, ', was ', ', before ')
    await tests.getByRole('button', { name: 'Run failed' }).click()
    await expect(tests.getByRole('status')).toContainText('1 passed in')
  })

  await test.step('it takes part in a run, and an edit takes over in the middle of it', async () => {
    await expect(await showPanel(page, 'Config')).toContainText('loss_watch')
    await page.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('100000')
    await page.keyboard.press('Enter')
    await run(page)
    await trainOn(page, 20)
    const log = await showPanel(page, 'Console')
    await expect(log).toContainText(/epoch \d+: loss \d\.\d{3}, before \d\.\d{3}/)
    await page.getByRole('treeitem', { name: 'loss-watch.ts' }).click()
    await replace(page, 'epoch ${epoch}', 'round ${epoch}')
    await replace(page, 'capture() {', 'onStepEnd() {} capture() {')
    // What it remembered is there from its first word on.
    const word = log.getByText(/^round \d+: loss/).first()
    await expect(word).toContainText(', before ', { timeout: 30_000 })
    await showPanel(page, 'Charts')
    await expect(page.getByRole('button', { name: /swapped|loss_watch/ }).first()).toBeVisible()
  })

  await test.step('the profiler knows what it costs', async () => {
    const profiler = await showPanel(page, 'Profiler')
    await profiler.getByRole('button', { name: 'Record' }).click()
    await expect(profiler.getByText(/^10 steps, .* each/)).toBeVisible({ timeout: 60_000 })
    const calls = profiler.getByRole('table', { name: 'Time by calls' })
    await expect(calls).toContainText('loss_watch onStepEnd')
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
  })

  await test.step('it leaves as a package that holds all that npm needs', async () => {
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await page.getByRole('button', { name: 'Package…' }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Make the package' }).click()
    const download = await saved
    expect(download.suggestedFilename()).toBe('plugboard-loss-watch-1.0.0.tgz')
    const entries = await unpackTar(gunzipSync(await readFile(await download.path())))
    const text = (path: string): string => {
      const entry = entries.find(({ header }) => header.name === `package/${path}`)
      expect(entry, path).toBeDefined()
      return new TextDecoder().decode(entry!.data)
    }
    expect(JSON.parse(text('package.json'))).toMatchObject({
      name: 'plugboard-loss-watch',
      version: '1.0.0',
    })
    expect(text('README.md')).toContain('metric to follow')
    expect(text('plugins/loss-watch.ts')).toContain('round ${epoch}')
    expect(text('tests/loss-watch.test.ts')).toContain('testPlugin(LossWatch)')
    expect(entries.map(({ header }) => header.name).join()).toMatch(/loss-watch\.d\.ts/)
  })
  expect(errors).toEqual([])
})
