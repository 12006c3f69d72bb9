// The schedules against PyTorch's.
import { expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/layers.json' with { type: 'json' }
import { difference } from '../testing/reference.ts'
import constant from './constant.ts'
import cosine from './cosine.ts'

const factors = (schedule: { factor(at: object): number }, totalSteps: number) =>
  Array.from({ length: totalSteps }, (_, i) =>
    schedule.factor({ step: i + 1, epoch: 1, totalSteps }),
  )

test('cosine climbs and falls as LinearLR and CosineAnnealingLR do', async () => {
  const config = { warmup_steps: 5, final: 0.1 }
  const schedule = (await initialize(cosine)).create('schedule', 'cosine', config, {})
  expect(difference(factors(schedule as never, 20), reference.cosine)).toBeLessThan(1e-12)
})

test('cosine without warm-up starts full; past the end it stays at its final share', async () => {
  const schedule = (await initialize(cosine)).create('schedule', 'cosine', { final: 0.2 }, {})
  expect(schedule.factor({ step: 1, epoch: 1, totalSteps: 10 })).toBe(1)
  expect(schedule.factor({ step: 99, epoch: 1, totalSteps: 10 })).toBeCloseTo(0.2)
})

test('a warm-up that is longer than the run only climbs', async () => {
  const config = { warmup_steps: 30 }
  const schedule = (await initialize(cosine)).create('schedule', 'cosine', config, {})
  expect(factors(schedule as never, 3)).toEqual([1 / 30, 2 / 30, 3 / 30])
})

test('constant is 1', async () => {
  const schedule = (await initialize(constant)).create('schedule', 'constant', {}, {})
  expect(factors(schedule as never, 3)).toEqual([1, 1, 1])
})
