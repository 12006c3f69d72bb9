// Recordings: what comes again is found again, numbers that change become inputs, results keep the memory of variables.
import { expect, test } from 'vitest'
import type { DType } from '../graph/node.ts'
import { Recording, type Seen } from './recording.ts'
import type { External } from './trace.ts'
import type { Program } from '../run/program.ts'
import { Traces } from './traces.ts'

type Told = External | { value: number; dtype: DType }

/** A stand-in for a backend: data by what it is to a recording. */
class Data {
  readonly told = new Map<object, Told>()

  make(told: Told, shape: number[]): Seen {
    const dataId = {}
    this.told.set(dataId, told)
    return { dataId, shape, dtype: told.dtype }
  }

  number = (value: number): Seen => this.make({ value, dtype: 'float32' }, [])
  upload = (shape: number[]): Seen => this.make({ shape, dtype: 'float32', isUpload: true }, shape)
  resident = (shape: number[]): Seen =>
    this.make({ shape, dtype: 'float32', isUpload: false }, shape)
}

class Bench {
  readonly data = new Data()
  readonly did: string[] = []
  readonly traces = new Traces(() => void this.did.push('send'))

  /** Records x · scale + 1, then a function of it. */
  run(rows: number, scale: number, last = 'Relu') {
    this.traces.begin()
    const recording = new Recording((dataId) => this.data.told.get(dataId)!, this.traces.guide)
    const call = (kernel: string, inputs: Record<string, Seen>): Seen => {
      const made = recording.add(kernel, Object.entries(inputs), {})!
      const dataId = {}
      recording.bind(dataId, 0)
      return { dataId, ...made.outputs[0]! }
    }
    const scaled = call('Multiply', { a: this.data.upload([rows, 3]), b: this.data.number(scale) })
    call(last, { x: call('Add', { a: scaled, b: this.data.number(1) }) })
    return { recording, settled: this.traces.settle(recording) }
  }
}

test('the same calls are the same trace', () => {
  const bench = new Bench()
  const first = bench.run(4, 0.5)
  const second = bench.run(4, 0.5)
  expect(second.recording.repeated).toBe(first.settled.known.trace)
  expect(second.settled.known).toBe(first.settled.known)
  expect(second.settled.ids).toEqual(second.recording.ids)
  expect(first.settled.known.uses).toBe(2)
})

test('a number that changes becomes an input, and is one from then on', () => {
  const bench = new Bench()
  expect(bench.run(4, 0.5).settled.known.trace.externals).toHaveLength(1)
  const { known, ids } = bench.run(4, 0.25).settled
  expect(known.trace.externals).toEqual([
    { shape: [4, 3], dtype: 'float32', isUpload: true },
    { shape: [], dtype: 'float32', isUpload: true },
  ])
  expect(bench.data.told.get(ids[1]!)).toEqual({ value: 0.25, dtype: 'float32' })
  // The 1 that is added did not change.
  const third = bench.run(4, 0.125)
  expect(third.settled.known).toBe(known)
  expect(bench.data.told.get(third.settled.ids[1]!)).toEqual({ value: 0.125, dtype: 'float32' })
})

test('another shape and another branch are traces of their own, and both are remembered', () => {
  const bench = new Bench()
  const first = bench.run(4, 0.5).settled.known
  const wide = bench.run(5, 0.5).settled.known
  const other = bench.run(4, 0.5, 'Elu').settled.known
  expect(new Set([first, wide, other]).size).toBe(3)
  expect(bench.run(4, 0.5).settled.known).toBe(first)
  expect(bench.run(5, 0.5).settled.known).toBe(wide)
  expect(bench.run(4, 0.5, 'Elu').settled.known).toBe(other)
})

test('commands are sent before the memory of a program that they use is freed', () => {
  const bench = new Bench()
  const program = { dispose: () => void bench.did.push('free') } as unknown as Program
  const { compiled } = bench.run(4, 0.5).settled.known
  compiled.set('', { program, ready: undefined, failure: undefined })
  // Its number becomes an input: another trace takes its place.
  bench.run(4, 0.25)
  expect(bench.did).toEqual(['send', 'free'])
})

test('what is new each time is not compiled after a while, what comes again is', () => {
  const bench = new Bench()
  const worth: boolean[] = []
  for (let rows = 1; rows <= 8; rows++) {
    const { known, isWorthCompiling } = bench.run(rows, 0.5).settled
    worth.push(isWorthCompiling)
    if (isWorthCompiling)
      known.compiled.set('', { program: undefined, ready: undefined, failure: undefined })
  }
  expect(worth).toEqual([true, true, true, true, false, false, false, false])
  expect(bench.run(8, 0.5).settled.isWorthCompiling).toBe(true)
})

test('a recording that is not compiled tells how it differs, and where', () => {
  const bench = new Bench()
  for (let rows = 1; rows <= 4; rows++)
    bench.run(rows, 0.5).settled.known.compiled.set('', { program: undefined })
  const { recording, settled } = bench.run(5, 0.5)
  expect(settled.isWorthCompiling).toBe(false)
  bench.traces.ran(recording, undefined)
  const { pieces, reasons } = bench.traces.account.report!
  expect(pieces).toEqual([{ kernels: 3 }])
  const message =
    'Multiply takes [5, 3] and [], and took [4, 3] and [] before; 4 others came only once, so this one is compiled when it comes again'
  expect(reasons).toEqual([{ kind: 'changing', message, stack: expect.any(String) as string }])
  expect(reasons[0]!.stack).toContain('Bench.run')
})

test.each([
  ['Neg', { alpha: 1 }, 'Neg is called where Elu was before'],
  ['Elu', { alpha: 2 }, 'Elu has alpha 2, and had 1 before'],
])('%s with %j differs: %s', (kernel, attrs, message) => {
  const data = new Data()
  const x = data.resident([2])
  const record = (name: string, given: object, guide?: Recording) => {
    const recording = new Recording((dataId) => data.told.get(dataId)!, guide)
    recording.add(name, [['x', x]], { ...given })
    return recording
  }
  const before = record('Elu', { alpha: 1 })
  expect(record('Elu', { alpha: 1 }, before).difference).toBeUndefined()
  expect(record(kernel, attrs, before).difference!.message).toBe(message)
})

test('a kernel without nodes is no part of a recording', () => {
  const data = new Data()
  const recording = new Recording((dataId) => data.told.get(dataId)!, undefined)
  expect(recording.add('NoSuchKernel', [['x', data.resident([2])]], {})).toBeUndefined()
  expect(recording.calls).toEqual([])
})
