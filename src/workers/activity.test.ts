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
  expect(sent).toHaveLength(201)
  expect(sent.at(-1)).toEqual(['enter', ''])
  vi.advanceTimersByTime(200)
  activity.enter('next')
  expect(sent.at(-1)).toEqual(['enter', 'next'])
})

it('names what comes seldom, however often others come', () => {
  const { sent, activity } = connect()
  for (let step = 0; step < 10_000; step++) {
    activity.enter('model.forward')
    activity.enter('')
  }
  expect(sent).toHaveLength(200)
  activity.enter('model.forward')
  activity.enter('teller.onMetrics')
  activity.enter('teller.onMetrics')
  expect(sent.at(-1)).toEqual(['enter', 'teller.onMetrics'])
  activity.enter('model.forward')
  expect(sent.at(-1)).toEqual(['enter', ''])
  for (let step = 0; step < 10_000; step++) {
    activity.enter('teller.onMetrics')
    activity.enter(`other ${step}`)
    activity.enter('model.forward')
  }
  // What the supervisor lets pass in 200 ms is 300.
  expect(sent.length).toBeLessThan(290)
  expect(sent.at(-1)).toEqual(['enter', ''])
})
