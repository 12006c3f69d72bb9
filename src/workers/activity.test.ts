// What reaches the supervisor of beats, labels and pings.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { reportActivity } from './activity.ts'

function connect() {
  const sent: unknown[] = []
  const port = { postMessage: (message: unknown) => sent.push(message) } as unknown as MessagePort
  return { sent, port, activity: reportActivity(port) }
}

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

it('answers each ping with a turn', () => {
  const { sent, port } = connect()
  port.onmessage?.call(port, new MessageEvent('message', { data: 'ping' }))
  expect(sent).toEqual([['turn']])
})

it('sends one beat per 100 ms', () => {
  const { sent, activity } = connect()
  for (let elapsedMs = 0; elapsedMs < 1000; elapsedMs += 5) {
    activity.beat()
    vi.advanceTimersByTime(5)
  }
  expect(sent).toHaveLength(10)
})

it('sends a label once until another comes', () => {
  const { sent, activity } = connect()
  for (const label of ['a', 'a', 'b', 'a']) activity.enter(label)
  expect(sent).toEqual([
    ['enter', 'a'],
    ['enter', 'b'],
    ['enter', 'a'],
  ])
})

it('marks work with its name and its end', () => {
  const { sent, activity } = connect()
  activity.work('Conv2D')
  activity.work('')
  expect(sent).toEqual([
    ['work', 'Conv2D'],
    ['work', ''],
  ])
})

it('goes on without a name for the rest of a period that had too many', () => {
  const { sent, activity } = connect()
  for (let i = 0; i < 10_000; i++) activity.enter(`plugin ${i}`)
  expect(sent).toHaveLength(240)
  expect(sent.at(-1)).toEqual(['enter', ''])
  vi.advanceTimersByTime(200)
  activity.enter('next')
  expect(sent.at(-1)).toEqual(['enter', 'next'])
})

it('names what comes now and then, however often others come', () => {
  const { sent, activity } = connect()
  // Ten times in each period, among code that runs at each of a thousand steps.
  for (let period = 0; period < 5; period++) {
    sent.length = 0
    for (let step = 0; step < 1000; step++) {
      for (const label of ['data', 'forward', 'metric']) activity.enter(label)
      if (step % 100 !== 99) continue
      activity.enter('teller')
      expect(sent.at(-1)).toEqual(['enter', 'teller'])
    }
    activity.enter('forward')
    expect(sent.at(-1)).toEqual(['enter', ''])
    // What the supervisor lets pass in 200 ms is 300.
    expect(sent.length).toBeLessThanOrEqual(240)
    vi.advanceTimersByTime(200)
  }
})
