// What a compiled recording says of itself: what it takes, or why it is no program, or none that updates together.
import { expect, test } from 'vitest'
import { canShare } from '../fuse/access.ts'
import { fuse } from '../fuse/fuse.ts'
import type { Compiler, Shader } from '../fuse/kernel.ts'
import type { Pipelines } from '../run/pipelines.ts'
import { generate } from '../wgsl/generate.ts'
import { halve } from '../wgsl/halves.ts'
import { compileTrace } from './compile.ts'
import { Recording } from './recording.ts'
import { traits } from '../wgsl/traits.fixture.ts'

const form = { shape: [2, 2], dtype: 'float32' } as const

/** Two updates, `a = -a` and `b = b²`. */
function twoUpdates(recording: Recording): void {
  for (const kernel of ['Neg', 'Square'])
    recording.add(kernel, [['x', { dataId: {}, ...form }]], {})
}

/** Updates of one kind, `a = a²` and `b = b²`. */
function twoSquares(recording: Recording): void {
  for (let i = 0; i < 2; i++) recording.add('Square', [['x', { dataId: {}, ...form }]], {})
}

/** Two calls, the first and last of which give a new value of the external of its number, compiled by a stand-in for a device. */
function compile(
  compiler: Partial<Compiler> = {},
  prepare: (shader: Shader) => Promise<unknown> = () => Promise.resolve(),
  record = twoUpdates,
) {
  const recording = new Recording(() => ({ ...form, isUpload: false }), undefined)
  record(recording)
  const calls = [0, recording.calls.length - 1]
  const kept = calls.map((call, donor) => ({ call, output: 0, ...form, donor }))
  const options = {
    compiler: { fuse, generate, halve, canShare, ...compiler },
    traits,
    pipelines: { prepare } as unknown as Pipelines,
  }
  return compileTrace({} as GPUDevice, options, recording, kept)
}

test('a program tells what it takes, and how long it took once its pipelines are there', async () => {
  const compiled = compile()
  const { launches, pipelines, packBytes } = compiled.report!
  expect(launches).toBeGreaterThan(0)
  expect(pipelines).toBeLessThanOrEqual(launches)
  expect(packBytes).toBe(0)
  expect(compiled.report!.compileMs).toBeUndefined()
  await compiled.ready
  expect(compiled.report).toMatchObject({ launches, compileMs: expect.any(Number) as number })
  expect(compiled).toMatchObject({ ready: undefined, unpacked: undefined })
  expect(compiled.failure).toBeUndefined()
})

test('a shader that the device refuses is told', async () => {
  const compiled = compile({}, () => Promise.reject(new Error('no such type')))
  await compiled.ready
  expect(compiled.failure).toBe('no such type')
})

test('what the compiler throws is told', () => {
  const compiled = compile({
    generate: () => {
      throw new Error('too deep')
    },
  })
  expect(compiled).toEqual({ program: undefined, failure: 'too deep' })
})

test.each([
  ['products that could not lie side by side', 1, true],
  ['updates that could not either', 2, false],
])('%s are told, and cost launches alone', (_, failures, isPacked) => {
  let calls = 0
  const compiled = compile(
    {
      fuse(...args) {
        if (calls++ < failures) throw new Error('an update does not fit its pack')
        return fuse(...args)
      },
    },
    undefined,
    twoSquares,
  )
  expect(compiled.unpacked).toBe('an update does not fit its pack')
  expect(compiled.program!.plan.packs.length > 0).toBe(isPacked)
})

test('a new value that is there while the one before is still read goes to its place at the end', () => {
  // a = a², b = b + (a²)ᵀ, where a² is computed again.
  const { program } = compile({}, undefined, (recording) => {
    const [a, b, squared, turned] = Array.from({ length: 4 }, () => ({ dataId: {}, ...form }))
    recording.add('Square', [['x', a!]], {})
    recording.bind(squared!.dataId, 0)
    recording.add('Transpose', [['x', squared!]], { perm: [1, 0] })
    recording.bind(turned!.dataId, 0)
    recording.add(
      'Add',
      [
        ['a', b!],
        ['b', turned!],
      ],
      {},
    )
  })
  const { isDonated, arenaBytes, copiesAfter } = program!.plan
  expect(isDonated).toEqual([true, true])
  expect(arenaBytes).toBeGreaterThan(0)
  const to = { kind: 'external', index: 0 }
  expect(copiesAfter).toEqual([{ from: { kind: 'arena', offset: 0 }, to, bytes: 16 }])
})
