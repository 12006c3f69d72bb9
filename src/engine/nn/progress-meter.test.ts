// Speed over a moving window, on a clock of the test's own.
import { expect, test } from 'vitest'
import { ProgressMeter } from './progress-meter.ts'

let time = 0
const makeMeter = () => {
  time = 1_000_000
  const meter = new ProgressMeter(() => time)
  meter.go()
  return meter
}
const steps = (meter: ProgressMeter, count: number, ms: number, examples = 8) => {
  for (let i = 0; i < count; i++) {
    time += ms
    meter.count(examples)
  }
}

test('steps and examples per second', () => {
  const meter = makeMeter()
  steps(meter, 100, 10)
  expect(meter.report()).toEqual({ stepsPerSecond: 100, examplesPerSecond: 800 })
  expect(meter.report()).toBeUndefined()
  expect(meter.report(true)).toEqual({ stepsPerSecond: 100, examplesPerSecond: 800 })
})

test('a pause does not count', () => {
  const meter = makeMeter()
  steps(meter, 100, 10)
  meter.hold()
  time += 60_000
  expect(meter.report()!.stepsPerSecond).toBe(100)
  time += 60_000
  meter.go()
  steps(meter, 100, 10)
  expect(meter.report()!.stepsPerSecond).toBe(100)
})

test('what lies behind the window is forgotten', () => {
  const meter = makeMeter()
  for (let second = 0; second < 20; second++) {
    steps(meter, 100, 10)
    meter.report()
  }
  for (let second = 0; second < 6; second++) {
    steps(meter, 10, 100)
    meter.report()
  }
  expect(meter.report(true)!.stepsPerSecond).toBe(10)
})
