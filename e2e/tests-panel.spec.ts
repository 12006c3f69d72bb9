// The author's loop with tests, and the artefacts that a run leaves.
import { readFile } from 'node:fs/promises'
import { expect, type Locator, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import {
  edit,
  openWorkspace,
  preferDevice,
  run,
  showPanel,
  stepsDone,
  tinyWorkspace,
} from './app/workbench.ts'

const PLUGIN = 'plugins/tally.ts'
const TESTS = 'tests/tally.test.ts'
const tally = (sum: string) => `import { plugin } from 'plugboard'

export default class Tally extends plugin({ manifest: { name: 'tally', version: '1.0.0' } }) {
  add(a: number, b: number) {
    if (a < 0) throw new RangeError('no negative numbers')
    return { sum: ${sum}, of: [a, b] }
  }
}
`
const tallyTests = `import { createTestEngine, describe, expect, test } from 'plugboard/testing'
import Tally from '../plugins/tally.ts'

describe('tally', () => {
  test('adds', async () => {
    const engine = await createTestEngine({ plugins: [Tally] })
    await engine.up()
    expect(engine.instance<Tally>('tally').add(2, 3)).toEqual({ sum: 5, of: [2, 3] })
  })
  test('knows its numbers', () => {
    expect(1).toBe(1)
  })
})
`
const workspace = { ...tinyWorkspace, [PLUGIN]: tally('a + b'), [TESTS]: tallyTests }

const icon = (panel: Locator, name: string): Locator =>
  panel
    .locator('.test-row', { has: panel.page().getByRole('button', { name, exact: true }) })
    .getByRole('img')

test('tests of a link run when its reader says so; a broken plugin fails at its line, the fix passes', async ({
  page,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, workspace)
  const panel = await showPanel(page, 'Tests')
  // Listed, with nothing of it run.
  await expect(icon(panel, 'tally › adds')).toHaveAccessibleName('not run')
  await expect(panel.getByRole('button', { name: 'Run all' })).toBeDisabled()
  await panel.getByRole('button', { name: 'Run its code and tests' }).click()
  await expect(panel.getByRole('status')).toContainText('2 passed in')
  await expect(icon(panel, 'tally › adds')).toHaveAccessibleName('passed')
  expect(await findings(page)).toEqual([])

  await edit(page, PLUGIN, tally('a - b'))
  await expect(icon(panel, 'tally › adds')).toHaveAccessibleName('passed, before the last edit')
  await panel.getByRole('button', { name: 'Run all' }).click()
  await expect(panel.getByRole('status')).toContainText('1 passed, 1 failed in')
  await expect(page.locator('.dock-tab', { hasText: 'Tests' })).toContainText('1')
  await expect(panel.getByRole('group', { name: 'Difference' })).toContainText(
    '-   sum: 5,\n+   sum: -1,',
  )
  expect(await findings(page)).toEqual([])

  await panel.getByRole('button', { name: `${TESTS}:8:55` }).click()
  await expect(page.getByRole('tab', { name: 'tally.test.ts', selected: true })).toBeVisible()
  await expect(page.getByText('Ln 8, Col 55')).toBeVisible()
  await expect(page.locator('.squiggly-error')).toHaveCount(1)

  await edit(page, PLUGIN, tally('a + b'))
  await panel.getByRole('button', { name: 'Run failed' }).click()
  await expect(panel.getByRole('status')).toContainText('1 passed in')
  await expect(icon(panel, 'tally › adds')).toHaveAccessibleName('passed')
  await expect(page.locator('.squiggly-error')).toHaveCount(0)
})

test('a test that hangs is stopped, one that loops is ended by the watchdog and named', async ({
  page,
}) => {
  const hangs = `import { test } from 'plugboard/testing'

test('ends', () => {})
test('waits', () => new Promise(() => {}), 600_000)
test('loops', () => { for (;;); })
`
  await preferDevice(page, 'cpu')
  await openWorkspace(page, { ...tinyWorkspace, 'tests/hangs.test.ts': hangs })
  const panel = await showPanel(page, 'Tests')
  await panel.getByRole('button', { name: 'Run its code and tests' }).click()
  await expect(icon(panel, 'waits')).toHaveAccessibleName('running')
  await expect(icon(panel, 'ends')).toHaveAccessibleName('passed')
  await panel.getByRole('button', { name: 'Stop tests' }).click()
  await expect(panel.getByRole('status')).toContainText('1 passed, stopped')
  await expect(icon(panel, 'waits')).toHaveAccessibleName('not run')

  await panel.getByRole('button', { name: 'Run loops' }).click()
  await expect(icon(panel, 'loops')).toHaveAccessibleName('failed')
  await expect(panel.getByRole('alert')).toContainText('gave no sign of life')
  await expect(panel.getByRole('button', { name: 'tests/hangs.test.ts:5:1' }).first()).toBeVisible()
  await panel.getByRole('button', { name: 'Run ends' }).click()
  await expect(panel.getByRole('status')).toContainText('1 passed in')
})

test('[A17] the log of a run is opened and downloaded, also after its engine is gone', async ({
  page,
}) => {
  const config = tinyWorkspace['plugboard.yaml']!.replace(
    '    charts: {}\n',
    '    charts: {}\n    logging: { config: { log_file: logs/course.jsonl, format: jsonl, every_steps: 50 } }\n',
  )
  await preferDevice(page, 'cpu')
  await openWorkspace(page, { ...tinyWorkspace, 'plugboard.yaml': config, [TESTS]: tallyTests })
  await run(page)
  await expect.poll(() => stepsDone(page), { timeout: 60_000 }).toBeGreaterThan(200)
  const tests = await showPanel(page, 'Tests')
  await expect(tests.getByText('Tests cannot run beside a training run')).toBeVisible()
  await expect(tests.getByRole('button', { name: 'Run all' })).toBeDisabled()

  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  const artefacts = page.getByRole('region', { name: 'Artefacts' })
  await artefacts.getByRole('button', { name: 'logs/course.jsonl', exact: true }).click()
  const viewer = page.getByRole('dialog', { name: 'logs/course.jsonl' })
  await expect(viewer.getByText('step 50', { exact: true })).toBeVisible()
  expect(await findings(page)).toEqual([])
  await viewer.getByRole('button', { name: 'Table' }).click()
  await expect(viewer.getByText('"event":"step 50"')).toBeVisible()
  await viewer.getByRole('button', { name: 'Close' }).click()

  // A choice of device brings a fresh engine up: what was copied stays.
  await page.getByRole('button', { name: /^Device:/ }).click()
  await page.getByRole('menuitemradio', { name: /^WebAssembly/ }).click()
  await expect(artefacts.getByText('Its engine is gone; this page has a copy.')).toBeVisible()
  const download = page.waitForEvent('download')
  await artefacts.getByRole('button', { name: 'Download logs/course.jsonl' }).click()
  expect((await download).suggestedFilename()).toBe('course.jsonl')
  const text = await readFile(await (await download).path(), 'utf8')
  expect(text).toContain('"event":"end: stopped"')
})
