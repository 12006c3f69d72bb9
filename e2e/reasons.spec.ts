// What an author is told of lines that slow steps down: the reason, the place, and a run that goes on.
import { expect, test } from '@playwright/test'
import { findings } from './app/axe.ts'
import {
  deviceChip,
  edit,
  openWorkspace,
  preferDevice,
  run,
  showPanel,
  tinyWorkspace,
} from './app/workbench.ts'

const PATH = 'plugins/habit.ts'

/** `line` is line 11 of the file. */
const habit = (line: string): string => `import * as tf from '@tensorflow/tfjs'
import { type HookArgs, plugin } from 'plugboard'

export default class Habit extends plugin({
  manifest: { name: 'habit', version: '1.0.0', category: 'callback' },
}) {
  seen = 0
  last = tf.variable(tf.scalar(0), false)
  onBatchEnd({ run, batch, outputs }: HookArgs<'onBatchEnd'>) {
    void [run, batch, outputs, tf]
    ${line}
  }
}
`

/** Lines, and what is said of them. */
const habits: readonly (readonly [line: string, message: string])[] = [
  ['tf.keep(outputs.predictions!.mean())', 'the step keeps a tensor []'],
  ['tf.variable(outputs.predictions!)', 'the step makes a variable'],
  ['this.last.assign(tf.scalar(1))', 'the step gives a variable [] the data of another tensor'],
  ['this.seen = batch.input!.dataSync()[0]!', 'the step reads the values of a tensor [16, 2]'],
  [
    'void tf.topk(outputs.predictions!.reshape([16]), 2)',
    'the step is not one program: TopK has no compiled form',
  ],
]

test('[W05] what a step does besides computing is told with its line, and what to do instead', async ({
  page,
}) => {
  await preferDevice(page, 'webgpu')
  const files = Object.fromEntries(
    Object.entries(tinyWorkspace).filter(([path]) => path !== 'plugins/teller.ts'),
  )
  await openWorkspace(page, { ...files, [PATH]: habit(habits[0]![0]) })
  const profiler = await showPanel(page, 'Profiler')
  await expect(deviceChip(page)).toContainText('WebGPU', { timeout: 60_000 })
  await run(page)
  const step = profiler.getByRole('group', { name: 'Training step' })
  const runs = step.getByRole('list', { name: 'Why the code of steps runs' })
  for (const [line, message] of habits) {
    if (line !== habits[0]![0]) await edit(page, PATH, habit(line))
    await showPanel(page, 'Profiler')
    const told = runs.getByRole('listitem').filter({ hasText: message })
    await expect(told.getByRole('button', { name: `${PATH}:11:` })).toBeVisible({ timeout: 60_000 })
  }
  await expect(step).toContainText('repeated without their code: 0 of ')
  await expect(step).toContainText('is a tf.variable that it assigns')
  await expect(step).toContainText('run.observe')
  expect(await findings(page, '.profiler')).toEqual([])
  await edit(page, PATH, habit('this.last.assign(this.last.add(1))'))
  await showPanel(page, 'Profiler')
  await expect(step).toContainText(/repeated without their code: [1-9]/, { timeout: 60_000 })
})
