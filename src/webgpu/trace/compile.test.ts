// What a compiled recording says of itself: what it takes, or why it is no program, or none that updates together.
import { expect, test } from 'vitest'
import { canShare } from '../fuse/access.ts'
import { fuse } from '../fuse/fuse.ts'
import type { Compiler, Shader } from '../fuse/kernel.ts'
import type { Pipelines } from '../run/pipelines.ts'
import { generate } from '../wgsl/generate.ts'
import { compileTrace } from './compile.ts'
import { Recording } from './recording.ts'
import { traits } from '../wgsl/traits.fixture.ts'

/** Two updates, `a = -a` and `b = b²`, compiled by a stand-in for a device. */
function compile(
  compiler: Partial<Compiler> = {},
  prepare: (shader: Shader) => Promise<unknown> = () => Promise.resolve(),
) {
  const recording = new Recording(
    () => ({ shape: [4], dtype: 'float32', isUpload: false }),
    undefined,
  )
  for (const kernel of ['Neg', 'Square'])
    recording.add(kernel, [['x', { dataId: {}, shape: [4], dtype: 'float32' }]], {})
  const kept = [0, 1].map(
    (call) => ({ call, output: 0, shape: [4], dtype: 'float32', donor: call }) as const,
  )
  const options = {
    compiler: { fuse, generate, canShare, ...compiler },
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

test('a program that could not update together is told to be one', () => {
  let calls = 0
  const compiled = compile({
    fuse(...args) {
      if (calls++ === 0) throw new Error('an update does not fit its pack')
      return fuse(...args)
    },
  })
  expect(compiled.unpacked).toBe('an update does not fit its pack')
  expect(compiled.program?.plan.launches.length).toBeGreaterThan(0)
})
