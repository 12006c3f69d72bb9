// Training steps that were compiled for WebGPU, next to the CPU in JavaScript, which computes them as they are written.
import { expect } from '@playwright/test'
import type { ModelsJob, ModelsOutcome } from './device/models.ts'
import { bundle, callInPage } from './device/page.ts'
import type { Training } from './device/trainer.ts'
import { test } from './sandbox/fixtures.ts'

const measured = (description: string): void =>
  void test.info().annotations.push({ type: 'measured', description })

/** The largest difference as a share of the largest value, or of 0.01 where all are smaller. */
function gapOf(wanted: readonly number[], found: readonly number[] = []): number {
  if (wanted.length !== found.length) return Infinity
  const size = wanted.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-2)
  return wanted.reduce((worst, value, i) => {
    const gap = Math.abs(found[i]! - value) / size
    return Number.isNaN(gap) ? Infinity : Math.max(worst, gap)
  }, 0)
}

/** Fails unless `found` has the losses and the gradients of `wanted`. */
function expectSame(found: Training, wanted: Training, title: string): void {
  expect(found.errors, title).toEqual([])
  expect(found.losses, title).toHaveLength(wanted.losses.length)
  wanted.losses.forEach((loss, at) => {
    const about = `${title}, step ${at + 1}: ${found.losses[at]}, not ${loss}`
    expect(Math.abs(found.losses[at]! - loss), about).toBeLessThan(1e-3)
  })
  expect(found.gradients.map((it) => Object.keys(it))).toEqual(
    wanted.gradients.map((it) => Object.keys(it)),
  )
  wanted.gradients.forEach((gradients, at) => {
    for (const [path, values] of Object.entries(gradients))
      expect(
        gapOf(values, found.gradients[at]?.[path]),
        `${title}, step ${at + 1}: the gradient of ${path}`,
      ).toBeLessThan(1e-3)
  })
}

test('every built-in model trains compiled as it does on the CPU', async ({ page, site }) => {
  test.setTimeout(600_000)
  const code = await bundle('models.ts')
  const train = (job: ModelsJob) => callInPage<ModelsOutcome>(page, site, code, job)
  const steps = 30
  const { models, trainings } = await train({ device: 'cpu', steps, keep: 3 })
  const fits = Object.entries(trainings).filter(([, { errors }]) => errors.length === 0)
  // With each setting on the first kind of rows that it reads: all of them take some minutes.
  const first = new Map(fits.toReversed().map((it) => [it[0].split(': ')[0], it]))
  const wanted = process.env['EVERY_TRY'] ? fits : [...first.values()]
  for (const model of models)
    expect(wanted.map(([title]) => title)).toContainEqual(expect.stringMatching(`^${model} `))

  const titles = wanted.map(([title]) => title)
  const startedMs = performance.now()
  const found = await train({ device: 'webgpu', steps, keep: 3, titles })
  measured(`${titles.length} trainings: ${Math.round(performance.now() - startedMs)} ms`)
  for (const [title, training] of wanted) {
    expect(training.losses).toHaveLength(steps)
    expect(training.gradients).toHaveLength(3)
    expectSame(found.trainings[title]!, training, title)
    // Each step is one program from the first on, and nothing runs beside it.
    expect(found.trainings[title]!.work, title).toEqual(
      Array.from({ length: steps }, () => ({ programs: 1, kernels: 0 })),
    )
  }
})
