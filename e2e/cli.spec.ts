// A workspace is the same in the tab and on the command line: one seed, one loss in every step.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { encodeLink } from '#workspace'
import { openWorkspace, preferDevice, run, showPanel, tinyWorkspace } from './app/workbench.ts'

const EPOCHS = 4
/** 160 rows, a tenth of them held back, in batches of 16. */
const STEPS = EPOCHS * 9
/** Both compute in JavaScript; only its functions such as `exp` may differ in the last bits. */
const TOLERANCE = 1e-6

/** Writes all losses as one line of the log, in full. */
const LOSSES = `import { type HookArgs, plugin } from 'plugboard'

export default class Losses extends plugin({
  manifest: { name: 'losses', version: '1.0.0', category: 'callback' },
}) {
  #losses: number[] = []
  onMetrics({ step, metrics }: HookArgs<'onMetrics'>) {
    this.#losses[step - 1] = metrics['loss']!
  }
  onTrainEnd() {
    this.ctx.log.info('losses ' + JSON.stringify(this.#losses))
  }
}
`

const files = {
  ...tinyWorkspace,
  'plugboard.yaml': tinyWorkspace['plugboard.yaml']!.replace('epochs: 100000', `epochs: ${EPOCHS}`),
  'plugins/losses.ts': LOSSES,
}

const lossesOf = (message: string): number[] =>
  JSON.parse(message.slice('losses '.length)) as number[]

/** The losses of the same files, trained by `npx plugboard run`. */
async function onTheCommandLine(): Promise<number[]> {
  const launcher = fileURLToPath(new URL('../scripts/plugboard.mjs', import.meta.url))
  const link = encodeLink({ name: 'test', files: new Map(Object.entries(files)) })
  const args = [launcher, 'run', link, '--device', 'cpu', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { data: { message?: string } })
  return lossesOf(events.find(({ data }) => data.message?.startsWith('losses '))!.data.message!)
}

test('the losses of tab and command line are equal on the CPU', async ({ page }) => {
  await preferDevice(page, 'cpu')
  await openWorkspace(page, files)
  await run(page)
  await showPanel(page, 'Console')
  const line = page.locator('.log-text', { hasText: 'losses [' })
  await expect(line).toBeVisible({ timeout: 60_000 })
  const inTheTab = lossesOf((await line.textContent())!)
  const inNode = await onTheCommandLine()
  expect(inTheTab).toHaveLength(STEPS)
  expect(inNode).toHaveLength(STEPS)
  for (const [i, loss] of inTheTab.entries())
    expect(Math.abs(inNode[i]! - loss), `step ${i + 1}`).toBeLessThanOrEqual(TOLERANCE * loss)
})
