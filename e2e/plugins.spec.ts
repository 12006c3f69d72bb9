// Plugins by hand and under the microscope: each lifecycle step, what they give and spend, a recorded run.
import { readFile } from 'node:fs/promises'
import { expect, type Locator, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import {
  deviceChip,
  edit,
  openWorkspace,
  pauseButton,
  preferDevice,
  run,
  showPanel,
  tinyWorkspace,
  trainOn,
} from './app/workbench.ts'

const WATCH = `import * as tf from '@tensorflow/tfjs'
import { defineService, every, plugin } from 'plugboard'

const Desk = defineService<{ note: string }>('watch.desk')

export default class Watch extends plugin({
  manifest: { name: 'watch', version: '1.2.0', category: 'callback', description: 'Watches a run' },
  hooks: { onEpochEnd: { when: every.epochs(2), priority: 7 } },
}) {
  #kept: tf.Tensor[] = []
  initialize() {
    this.ctx.provideService(Desk, { note: 'hello' })
    this.ctx.events.on('run.begin', () => this.ctx.events.emit('watch.began', { mood: 'good', tries: 3 }))
  }
  onStepEnd() {
    this.#kept.push(tf.scalar(1))
  }
  onEpochEnd() {}
}
`
const BEHIND = `import { plugin } from 'plugboard'

export default class Behind extends plugin({
  manifest: { name: 'behind', version: '1.0.0', requires: { 'plugin:watch': '*' } },
}) {}
`

const workspace = {
  ...tinyWorkspace,
  'plugins/watch.ts': WATCH,
  'plugins/behind.ts': BEHIND,
}

const row = (panel: Locator, name: string): Locator =>
  panel.locator('.plugin-row', { hasText: name })

test('[W04] each lifecycle step is driven by hand; steps that are not possible say why', async ({
  page,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, workspace)
  const panel = await showPanel(page, 'Plugins')
  await row(panel, 'watch').click()
  const step = (name: string) => panel.getByRole('button', { name, exact: true })
  const stateIs = (state: string) => expect(row(panel, 'watch')).toContainText(state)

  await expect(step('Load')).toHaveAttribute('aria-disabled', 'true')
  await step('Load').click({ force: true })
  await expect(panel.getByText('Load: watch is discovered;')).toBeVisible()
  for (const [name, state] of [
    ['Validate', 'validated'],
    ['Load', 'loaded'],
    ['Initialize', 'initialized'],
    ['Start', 'running'],
    ['Stop', 'stopped'],
    ['Start', 'running'],
  ] as const) {
    await expect(step(name)).toHaveAttribute('aria-disabled', 'false')
    await step(name).click()
    await stateIs(state)
  }
  // One that stands on it comes up by its reload, and goes down with it.
  await row(panel, 'behind').click()
  await step('Reload').click()
  await expect(row(panel, 'behind')).toContainText('running')
  await expect(panel.getByRole('group', { name: /^Graph of the plugins/ })).toContainText('watch')
  await row(panel, 'watch').click()
  await expect(panel.getByText('Stopping it stops behind first')).toBeVisible()
  await step('Stop').click()
  await expect(panel.getByText('behind is stopped now.')).toBeVisible()
  await step('Clean up').click()
  await stateIs('cleaned')
  await panel.getByText('History').click()
  await expect(panel.getByRole('list', { name: 'History' })).toContainText('cleaned')
  expect(await findings(page, '.plugins')).toEqual([])

  // The lasting choice stands in the project file.
  await panel.getByRole('switch', { name: /^Enabled in plugboard.yaml/ }).click()
  await expect(panel.getByRole('switch')).not.toBeChecked()
  await page.getByRole('treeitem', { name: 'plugboard.yaml' }).click()
  await expect(page.locator('.view-lines')).toContainText(/watch:\s*enabled:\s*false/)

  const timeline = await showPanel(page, 'Timeline')
  await timeline.getByRole('radio', { name: 'Lanes' }).click()
  await expect(timeline.getByRole('img', { name: /^watch: .*running/ })).toBeVisible()
  expect(await findings(page, '.timeline')).toEqual([])
})

const reader = (body: string): string => `import { type HookArgs, plugin } from 'plugboard'

export default class Reader extends plugin({
  manifest: { name: 'reader', version: '1.0.0', category: 'callback' },
}) {
  seen = 0
  onBatchEnd({ outputs }: HookArgs<'onBatchEnd'>) {
    ${body}
  }
}
`

test('[W05] how steps are compiled, and the line that keeps them from being one program', async ({
  page,
}) => {
  await preferDevice(page, 'webgpu')
  const reads = reader(
    `void outputs['predictions']!.data().then(([first]) => (this.seen = first!))`,
  )
  await openWorkspace(page, { ...tinyWorkspace, 'plugins/reader.ts': reads })
  const profiler = await showPanel(page, 'Profiler')
  await expect(deviceChip(page)).toContainText('WebGPU', { timeout: 60_000 })
  await run(page)
  const step = profiler.getByRole('group', { name: 'Training step' })
  await expect(step).toContainText('2 programs', { timeout: 60_000 })
  const why = step.getByRole('list', { name: /^Why: / }).getByRole('listitem')
  await expect(why).toContainText('the values of a tensor [16, 1] are read')
  await expect(step).toContainText('repeated without their code: 0 of ')
  const runs = step.getByRole('list', { name: 'Why the code of steps runs' })
  const later = runs.getByRole('listitem').filter({ hasText: 'by a promise' })
  await expect(later.getByRole('button', { name: 'plugins/reader.ts:8:' })).toBeVisible()
  await expect(step).toContainText('run.observe')
  await expect(profiler.getByRole('group', { name: 'Validation' })).toContainText('one program', {
    timeout: 60_000,
  })
  expect(await findings(page, '.profiler')).toEqual([])
  await why.getByRole('button', { name: 'plugins/reader.ts:8:' }).click()
  await expect(page.getByText(/^Ln 8, Col/)).toBeVisible()
  const console = await showPanel(page, 'Console')
  await console.getByLabel('Filter by plugin or text').fill('is compiled in parts')
  await expect(console.getByText('a training step is compiled in parts')).toHaveCount(1)
  await expect(console.getByRole('button', { name: 'reader.ts:8' })).toBeVisible()

  await showPanel(page, 'Profiler')
  await edit(page, 'plugins/reader.ts', reader(`this.seen = outputs['predictions']!.shape[0]!`))
  await expect(step).toContainText('one program', { timeout: 60_000 })
  await expect(why).toHaveCount(0)
  await expect(step.getByText('Launches', { exact: true })).toBeVisible()
})

test('[W05] contributions, hooks, services and events of a plugin, with the time it takes, and a recorded run', async ({
  page,
}) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, workspace)
  const profiler = await showPanel(page, 'Profiler')
  await profiler.getByRole('button', { name: 'Record' }).click()
  await run(page)
  await expect(profiler.getByText(/^10 steps, .* each/)).toBeVisible({ timeout: 60_000 })
  await trainOn(page, 3)
  await pauseButton(page).click()
  const phases = profiler.getByRole('table', { name: 'Phases' })
  for (const name of ['data', 'forward', 'backward', 'optimizer', 'read-back', 'hooks'])
    await expect(phases).toContainText(name)
  const calls = profiler.getByRole('table', { name: 'Time by calls' })
  await expect(calls).toContainText('watch onStepEnd leaves 10 tensors')
  expect(await findings(page, '.profiler')).toEqual([])
  const saved = page.waitForEvent('download')
  await profiler.getByRole('button', { name: /^Save as a trace/ }).click()
  const trace = JSON.parse(await readFile(await (await saved).path(), 'utf8')) as {
    traceEvents: { name: string; ph: string }[]
  }
  expect(trace.traceEvents.filter(({ name }) => name.startsWith('step '))).toHaveLength(10)

  const panel = await showPanel(page, 'Plugins')
  await panel.getByLabel('Filter plugins').fill('watch')
  await row(panel, 'watch').click()
  const hooks = panel.getByRole('list', { name: 'Hooks and listeners' })
  await expect(hooks).toContainText(/onStepEnd.*\d+ calls · mean/)
  await expect(hooks).toContainText(/onEpochEnd.*every 2 epochs · priority 7/)
  await expect(panel.getByRole('list', { name: 'Provides services' })).toContainText('watch.desk')
  await expect(panel.getByRole('list', { name: 'Emits events' })).toContainText('watch.began 1×')
  await expect(panel.getByRole('list', { name: 'Listens to events' })).toContainText('run.begin')
  await expect(row(panel, 'watch')).toContainText(/\d (µs|ms|s)/)
  await hooks.getByRole('button', { name: /^onEpochEnd/ }).click()
  await expect(page.getByText('Ln 18, Col 3')).toBeVisible()

  const timeline = await showPanel(page, 'Timeline')
  await timeline.getByRole('combobox', { name: 'Plugin' }).click()
  await page.getByRole('option', { name: 'watch' }).click()
  await expect(timeline).toContainText(/watch\.began\s*mood=good tries=3/)
})
