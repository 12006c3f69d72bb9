// Work that outlives the tab and the engine: a run goes on from its last checkpoint, to the same end.
import { expect, type Page, test } from '@playwright/test'
import {
  edit,
  openWorkspace,
  pauseButton,
  preferDevice,
  progress,
  restlessWorkspace,
  run,
  showPanel,
  stepsDone,
  trainOn,
} from './app/workbench.ts'

/** Draws from its stream, meddles with the gradients, and tells the end of a run to the last digit. */
const witness = (more = '') => `import { type HookArgs, plugin } from 'plugboard'

export default class Witness extends plugin({ manifest: { name: 'witness', version: '1.0.0', category: 'callback' } }) {
  #sum = 0
  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#sum = 0
  }
  onBackwardEnd({ gradients }: HookArgs<'onBackwardEnd'>) {
    const factor = 1 + 0.1 * this.ctx.random.normal()
    return new Map([...gradients].map(([path, gradient]) => [path, gradient.mul(factor)]))
  }
  async onMetrics({ metrics, step }: HookArgs<'onMetrics'>) {
    this.#sum += metrics['loss']!
    await new Promise((resolve) => setTimeout(resolve, 30))
    ${more}
  }
  onTrainEnd({ run, metrics, reason }: HookArgs<'onTrainEnd'>) {
    this.ctx.log.info(\`the end: \${reason} \${run.step} \${metrics['loss']} \${metrics['val_loss']} \${this.#sum}\`)
  }
  capture() {
    return this.#sum
  }
  restore(sum: number) {
    this.#sum = sum
  }
}
`

const files = {
  ...restlessWorkspace,
  'plugins/witness.ts': witness(),
  'plugboard.yaml': restlessWorkspace['plugboard.yaml']!.replace(
    'epochs: 100000,',
    'epochs: 25, checkpoint_every_steps: 20, validate_every: 7,',
  ),
}

/** What the console says last, once the run has finished. */
async function endOf(page: Page): Promise<string | null> {
  await expect(progress(page)).toContainText('Finished', { timeout: 90_000 })
  await showPanel(page, 'Console')
  return await page.locator('.log-text', { hasText: 'the end: finished' }).last().textContent()
}

const resumeButton = (page: Page) => page.getByRole('button', { name: /^Resume from step \d+$/ })

/** Starts a run and pauses it somewhere in the middle; its checkpoint is then kept by the browser. */
async function runHalf(page: Page): Promise<void> {
  await run(page)
  await trainOn(page, 20)
  await pauseButton(page).click()
  await expect(progress(page)).toContainText('Paused')
  await showPanel(page, 'Run')
  const list = page.getByRole('region', { name: 'Checkpoints' })
  await expect(list.getByText(`step ${await stepsDone(page)} ·`).first()).toBeVisible()
}

test('a run goes on after the tab was closed and after its engine was stopped, to the same end', async ({
  page,
}) => {
  test.setTimeout(240_000)
  await preferDevice(page, 'cpu')
  await openWorkspace(page, files)
  await run(page)
  const whole = await endOf(page)

  await runHalf(page)
  await page.reload()
  await resumeButton(page).click({ timeout: 30_000 })
  expect(await endOf(page)).toBe(whole)

  await runHalf(page)
  await edit(page, 'plugins/witness.ts', witness('while (step > 0) {}'))
  await showPanel(page, 'Timeline')
  await expect(page.getByText(/^swapped at step/).last()).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  const notice = page.getByRole('alert').filter({ hasText: 'did not answer' })
  await expect(notice).toBeVisible({ timeout: 30_000 })
  await edit(page, 'plugins/witness.ts', witness())
  await notice.getByRole('button', { name: /^Resume from step/ }).click()
  expect(await endOf(page)).toBe(whole)
})

test('a run whose graphics processor goes away goes on by itself, on a new device', async ({
  page,
}) => {
  await preferDevice(page, 'webgpu')
  await openWorkspace(page, {
    ...restlessWorkspace,
    'plugboard.yaml': restlessWorkspace['plugboard.yaml']!.replace(
      'epochs: 100000,',
      'epochs: 3, checkpoint_every_steps: 5,',
    ),
    'plugins/breaker.ts': `import { type HookArgs, plugin } from 'plugboard'
import * as tf from '@tensorflow/tfjs'

export default class Breaker extends plugin({ manifest: { name: 'breaker', version: '1.0.0', category: 'callback' } }) {
  #isWhole = false
  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    this.#isWhole = resumed
  }
  async onMetrics({ step }: HookArgs<'onMetrics'>) {
    if (this.#isWhole) return
    // The page has time to keep what the run saves.
    await new Promise((resolve) => setTimeout(resolve, 400))
    if (step === 17) Reflect.get(tf.backend(), 'device').destroy()
  }
}
`,
  })
  await run(page)
  await expect(
    page.getByText(/The device was lost; the run goes on from step (5|10|15)/),
  ).toBeVisible({
    timeout: 60_000,
  })
  await expect(progress(page)).toContainText('Finished', { timeout: 60_000 })
  await showPanel(page, 'Console')
  await expect(
    page.locator('.log-text', { hasText: /goes on by itself from step \d+: .* was lost/ }),
  ).toBeVisible()
})
