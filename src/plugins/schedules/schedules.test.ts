// The schedules against PyTorch's.
import type { PluginInstance, Schedule } from 'plugboard'
import { expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/layers.json' with { type: 'json' }
import { difference } from '../testing/reference.ts'
import parts from '../testing/training-parts.json' with { type: 'json' }
import constant from './constant.ts'
import cosine from './cosine.ts'
import exponential from './exponential.ts'
import linear from './linear.ts'
import oneCycle from './one-cycle.ts'
import stepped from './step.ts'
import warmup from './warmup.ts'

const make = async (plugin: unknown, name: string, config: unknown = {}): Promise<Schedule> => {
  const made = await initialize(plugin as new (init: never) => PluginInstance)
  return made.create('schedule', name, config, {})
}

/** Factors of all steps; an epoch has `stepsPerEpoch`. */
const factors = (schedule: Schedule, totalSteps: number, stepsPerEpoch = Infinity) =>
  Array.from({ length: totalSteps }, (_, i) =>
    schedule.factor({ step: i + 1, epoch: Math.floor(i / stepsPerEpoch) + 1, totalSteps }),
  )

const linearly = {
  pct_start: 0.4,
  anneal_strategy: 'linear',
  div_factor: 10,
  final_div_factor: 100,
}

test.each([
  ['warmup', warmup, 'warmup', { warmup_steps: 5 }],
  ['step', stepped, 'step', { step_size: 7, gamma: 0.5, by: 'step' }],
  ['exponential', exponential, 'exponential', { gamma: 0.9, by: 'step' }],
  ['linear', linear, 'linear', { warmup_steps: 5, final: 0.1 }],
  ['one_cycle', oneCycle, 'one_cycle', {}],
  ['one_cycle_linear', oneCycle, 'one_cycle', linearly],
] as const)('%s is what PyTorch has', async (wanted, plugin, name, config) => {
  const schedule = await make(plugin, name, config)
  expect(difference(factors(schedule, 24), parts.schedules[wanted])).toBeLessThan(1e-12)
})

test.each([
  ['step', stepped, { step_size: 1, gamma: 0.5 }],
  ['exponential', exponential, { gamma: 0.5 }],
] as const)('%s counts epochs unless told otherwise', async (name, plugin, config) => {
  const schedule = await make(plugin, name, config)
  expect(factors(schedule, 6, 2)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25])
})

test('cosine climbs and falls as LinearLR and CosineAnnealingLR do', async () => {
  const schedule = await make(cosine, 'cosine', { warmup_steps: 5, final: 0.1 })
  expect(difference(factors(schedule, 20), reference.cosine)).toBeLessThan(1e-12)
})

test.each([
  ['cosine', cosine],
  ['linear', linear],
] as const)(
  '%s without warm-up starts full; past the end it stays at its final share',
  async (name, plugin) => {
    const schedule = await make(plugin, name, { final: 0.2 })
    expect(schedule.factor({ step: 1, epoch: 1, totalSteps: 10 })).toBe(1)
    expect(schedule.factor({ step: 99, epoch: 1, totalSteps: 10 })).toBeCloseTo(0.2)
  },
)

test.each([
  ['cosine', cosine],
  ['linear', linear],
  ['warmup', warmup],
] as const)('%s with a warm-up that is longer than the run only climbs', async (name, plugin) => {
  const schedule = await make(plugin, name, { warmup_steps: 30 })
  expect(factors(schedule, 3)).toEqual([1 / 30, 2 / 30, 3 / 30])
  expect(schedule.warmupSteps).toBe(30)
})

test('every schedule has a finite factor above or at 0, however short or long the run', async () => {
  const all = await Promise.all([
    make(constant, 'constant'),
    make(cosine, 'cosine'),
    make(exponential, 'exponential', { by: 'step' }),
    make(linear, 'linear'),
    make(oneCycle, 'one_cycle'),
    make(oneCycle, 'one_cycle', { pct_start: 0.5 }),
    make(stepped, 'step', { by: 'step' }),
    make(warmup, 'warmup'),
  ])
  for (const schedule of all) {
    for (const totalSteps of [1, 2, 3, 4, 10, 1000]) {
      const values = [...factors(schedule, totalSteps)]
      values.push(schedule.factor({ step: totalSteps + 5, epoch: 9, totalSteps }))
      expect(values.every((value) => value >= 0 && value <= 1)).toBe(true)
    }
  }
})

test('constant is 1', async () => {
  expect(factors(await make(constant, 'constant'), 3)).toEqual([1, 1, 1])
})
