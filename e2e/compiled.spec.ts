// Training steps that were compiled for WebGPU, next to the CPU in JavaScript, which computes them as they are written.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { compileFiles } from '../src/engine/testing/modules.ts'
import type { HabitsJob } from './device/habits.ts'
import type { HalvesJob, HalvesOutcome } from './device/halves.ts'
import type { KernelsJob, KernelsOutcome } from './device/kernels.ts'
import type { LeakJob, LeakOutcome } from './device/leak.ts'
import type { ModelsJob, ModelsOutcome } from './device/models.ts'
import { bundle, callInPage } from './device/page.ts'
import type { PrecisionOutcome } from './device/precision.ts'
import type { RepeatsOutcome } from './device/repeats.ts'
import type { Training } from './device/trainer.ts'
import { test } from './sandbox/fixtures.ts'
import type { Site } from './sandbox/site.ts'

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

/** Fails unless each step was one program from the first on, with nothing beside it. */
function expectWhole({ losses, work }: Training, title: string): void {
  expect(work, title).toEqual(losses.map(() => ({ programs: 1, kernels: 0 })))
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
    expectWhole(found.trainings[title]!, title)
  }
})

/** Trains models with habits on the CPU and compiled, and fails unless both are the same. */
async function tryHabits(page: Page, site: Site, habits: string[], keep = 5) {
  const folder = new URL('device/habits/', import.meta.url)
  const texts = readdirSync(folder).map((name) => [
    `plugins/${name}`,
    readFileSync(new URL(name, folder), 'utf8'),
  ])
  const modules = await compileFiles(Object.fromEntries(texts))
  const code = await bundle('habits.ts')
  const job: Omit<HabitsJob, 'device'> = { steps: 10, keep, habits, modules }
  const train = (device: HabitsJob['device']) =>
    callInPage<Record<string, Training>>(page, site, code, { ...job, device })
  const wanted = await train('cpu')
  const found = await train('webgpu')
  for (const habit of habits) {
    expect(wanted[habit]!.errors, habit).toEqual([])
    expect(wanted[habit]!.losses, habit).toHaveLength(10)
    expectSame(found[habit]!, wanted[habit]!, habit)
  }
  return found
}

test('a compiled step is never stale', async ({ page, site }) => {
  test.setTimeout(300_000)
  const habits = ['branch', 'number', 'gradients', 'dropout', 'tensor']
  const found = await tryHabits(page, site, habits)
  for (const habit of habits) expectWhole(found[habit]!, habit)
})

test('a plugin computes with parameters that lie side by side', async ({ page, site }) => {
  test.setTimeout(300_000)
  // Gradients that someone keeps are not updated side by side.
  const { decays } = await tryHabits(page, site, ['decays'], 0)
  for (const { programs } of decays!.work) expect(programs).toBe(1)
})

test('a plugin that can not be compiled as a whole computes the same', async ({ page, site }) => {
  test.setTimeout(300_000)
  const { reads, kernels, shapes, keeps } = await tryHabits(page, site, [
    'reads',
    'kernels',
    'shapes',
    'keeps',
  ])
  // A program up to where values are read, or to a kernel without a compiled form, and one from there.
  for (const { work } of [reads!, kernels!])
    for (const { programs } of work) expect(programs).toBeGreaterThan(1)
  for (const { kernels: count } of reads!.work) expect(count).toBe(0)
  // What is new each time is no longer compiled after some steps.
  expect(shapes!.work.at(-1)).toMatchObject({ programs: 0 })
  // What it kept of the rehearsal is computed before the first step, or with it.
  const [, ...later] = keeps!.work
  expect(later).toEqual(later.map(() => ({ programs: 1, kernels: 0 })))
})

test('every kernel and random programs compute compiled what they compute on the CPU', async ({
  page,
  site,
}) => {
  test.setTimeout(300_000)
  const job: KernelsJob = {
    seeds: [0, 1],
    large: [0],
    programs: Array.from({ length: 24 }, (_, seed) => seed),
    together: 8,
  }
  const code = await bundle('kernels.ts')
  const { tried, ...found } = await callInPage<KernelsOutcome>(page, site, code, job)
  expect(tried).toBeGreaterThan(300)
  expect(found).toEqual({ wrong: [], apart: [], errors: [] })
})

test('values stored in 16 bits are those of float32, rounded once', async ({ page, site }) => {
  test.setTimeout(300_000)
  const job: HalvesJob = { variants: ['tiles', 'quads', 'blocks'], programs: [0, 1, 2, 3, 4, 5] }
  const code = await bundle('halves.ts')
  const { tried, errors } = await callInPage<HalvesOutcome>(page, site, code, job)
  expect(errors).toEqual([])
  const all = Object.entries(tried)
  const halved = all.filter(([, it]) => it.halved > 0)
  measured(`${halved.length} of ${all.length} graphs`)
  expect(halved.length).toBeGreaterThan(all.length / 2)
  for (const title of [
    'special values',
    'map, its product of 1×6×8',
    'product, transposed of 1×70×66',
  ])
    expect(halved.map(([name]) => name)).toContainEqual(expect.stringContaining(title))
  for (const [title, { off, meanOff }] of all) {
    // Sums in another order may be rounded to the number beside, 2⁻⁸ away; most are not.
    expect(off, title).toBeLessThan(2 ** -6)
    expect(meanOff, title).toBeLessThan(1e-3)
  }
  // The comparison would see it if nothing were rounded.
  expect(halved.filter(([, { rounding }]) => rounding > 1e-3).length).toBeGreaterThan(
    all.length / 3,
  )
})

test('every built-in model learns in mixed precision what it learns in float32', async ({
  page,
  site,
}) => {
  test.setTimeout(300_000)
  // So many that all have learned the rule: on the way there a GPT's loss is chance.
  const steps = 200
  const code = await bundle('precision.ts')
  const { models, float32, mixed } = await callInPage<PrecisionOutcome>(page, site, code, { steps })
  expect(Object.keys(mixed).toSorted()).toEqual(models.toSorted())
  for (const [model, training] of Object.entries(mixed)) {
    const before = float32[model]!
    expect([...before.errors, ...training.errors], model).toEqual([])
    expect(before.halved, model).toBe(0)
    expect(training.halved, model).toBeGreaterThan(0)
    expectWhole(training, model)
    expect(training.losses, model).toHaveLength(steps)
    measured(`${model}: ${before.heldBack} and, mixed, ${training.heldBack} on rows held back`)
    // Far from the loss of who knows nothing, and as far as in float32.
    expect(before.heldBack, model).toBeLessThan(before.losses[0]! / 2)
    expect(Math.abs(training.heldBack! - before.heldBack!), model).toBeLessThan(0.03)
  }
})

test('steps in mixed precision compute without their code exactly what they do with it', async ({
  page,
  site,
}) => {
  test.setTimeout(300_000)
  const steps = 24
  const code = await bundle('repeats.ts')
  const { repeated, coded } = await callInPage<RepeatsOutcome>(page, site, code, { steps })
  expect([...repeated.errors, ...coded.errors]).toEqual([])
  expect(repeated.halved).toBeGreaterThan(0)
  expect(coded.halved).toBe(repeated.halved)
  // The first step makes the optimizer's state, two more must agree.
  expect([repeated.repeated, coded.repeated]).toEqual([steps - 3, 0])
  expect(new Set(coded.losses).size).toBe(steps)
  expect(repeated.losses).toEqual(coded.losses)
  expect(repeated.heldBack).toBe(coded.heldBack)
})

test('2,000 compiled steps hold no more than 100 of them', async ({ page, site }) => {
  test.setTimeout(300_000)
  const job: LeakJob = { at: [100, 2000] }
  const { training, held } = await callInPage<LeakOutcome>(page, site, await bundle('leak.ts'), job)
  expect(training.errors).toEqual([])
  expect(training.losses).toHaveLength(2000)
  expectWhole(training, '2,000 steps')
  const [first, last] = held as [LeakOutcome['held'][number], LeakOutcome['held'][number]]
  measured(`${last.bufferBytes} bytes`)
  expect(last.bufferBytes).toBeGreaterThan(0)
  expect(last).toMatchObject({ bufferBytes: first.bufferBytes, gpuBytes: first.gpuBytes })
  // Losses are read up to two steps late.
  expect(Math.abs(last.tensors - first.tensors)).toBeLessThanOrEqual(2)
})
