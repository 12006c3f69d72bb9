// Drafts of shaders make way for faster ones while a program runs.
import { expect, test } from 'vitest'
import type { Shader } from '../fuse/kernel.ts'
import type { Plan } from '../plan/plan.ts'
import type { Pipelines } from './pipelines.ts'
import { Program } from './program.ts'

const shader = (code: string, workgroups: number): Shader => ({
  code,
  entryPoint: 'main',
  workgroups: [workgroups, 1, 1],
  bindings: [],
})

/** A program of three launches, two of them drafts at first, whose pipelines are there when they are told to be. */
function start() {
  const plan = {
    launches: [
      { kernels: [], bindings: [], shader: shader('a', 8), improved: () => shader('fast a', 2) },
      { kernels: [], bindings: [], shader: shader('b', 1) },
      { kernels: [], bindings: [], shader: shader('c', 4), improved: () => shader('fast c', 3) },
    ],
    copiesBefore: [],
    copiesAfter: [],
    uploads: [],
    uploadBytes: 0,
  } as Partial<Plan> as Plan
  const asked: string[] = []
  const waiting = new Map<string, { done(): void; fail(): void }>()
  const pipelines = {
    prepare({ code }: Shader) {
      asked.push(code)
      return new Promise((resolve, reject) =>
        waiting.set(code, {
          done: () => resolve({ label: code }),
          fail: () => reject(new Error(`${code} is refused`)),
        }),
      )
    },
    layout: () => ({}),
  } as unknown as Pipelines
  const told: unknown[] = []
  const device = { createBindGroup: () => ({}) } as unknown as GPUDevice
  const program = new Program(device, pipelines, plan, (reason) => told.push(reason))

  const settle = () => new Promise((resolve) => setTimeout(resolve))
  return {
    program,
    asked,
    told,
    settle,
    ready(code: string) {
      waiting.get(code)!.done()
      return settle()
    },
    refuse(code: string) {
      waiting.get(code)!.fail()
      return settle()
    },
    /** What is launched: text and workgroups. */
    run() {
      const launched: (string | number)[] = []
      const pass = {
        setPipeline: ({ label }: GPUComputePipeline) => launched.push(label),
        setBindGroup() {},
        dispatchWorkgroups: (x: number) => launched.push(x),
        end() {},
      }
      const encoder = { beginComputePass: () => pass } as unknown as GPUCommandEncoder
      const memory = { externals: [], kept: [], packs: [], arena: undefined }
      program.run(
        encoder,
        memory,
        () => false,
        () => [],
      )
      return launched
    },
  }
}

const drafts = ['a', 8, 'b', 1, 'c', 4]

async function startReady() {
  const started = start()
  const prepared = started.program.prepare()
  for (const code of ['a', 'b', 'c']) await started.ready(code)
  await prepared
  started.asked.length = 0
  return started
}

test('from the second run on, faster text is compiled in turn, and runs as soon as it is there', async () => {
  const { run, ready, asked } = await startReady()
  expect(run()).toEqual(drafts)
  expect(asked).toEqual([])
  expect(run()).toEqual(drafts)
  expect(asked).toEqual(['fast a'])
  expect(run()).toEqual(drafts)
  await ready('fast a')
  expect(asked).toEqual(['fast a', 'fast c'])
  expect(run()).toEqual(['fast a', 2, 'b', 1, 'c', 4])
  await ready('fast c')
  expect(run()).toEqual(['fast a', 2, 'b', 1, 'fast c', 3])
  expect(asked).toEqual(['fast a', 'fast c'])
})

test('faster text that the device refuses is told, and the draft stays', async () => {
  const { run, refuse, told } = await startReady()
  run()
  run()
  await refuse('fast a')
  expect(told).toEqual([new Error('fast a is refused')])
  expect(run()).toEqual(drafts)
})

test('a program that is gone compiles nothing more', async () => {
  const { program, run, ready, asked } = await startReady()
  run()
  run()
  program.dispose()
  await ready('fast a')
  expect(asked).toEqual(['fast a'])
})
