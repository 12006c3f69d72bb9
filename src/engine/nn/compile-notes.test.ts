// How work is compiled, told to the page and in the log, with the line that kept it from being one program.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import type { CompiledWork, CompileReport } from '../host.ts'
import { FakeEnvironment } from '../testing/fake-run.ts'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench, type WorkbenchOptions } from '../testing/workbench.ts'
import { CompileNotes } from './compile-notes.ts'

const program = { launches: 7, pipelines: 6, arenaBytes: 512, packBytes: 64, uploadBytes: 256 }

/** A stand-in for a device that compiles: it runs all at once, and notes reads as the tracing backend does. */
function noteReads(): CompiledWork {
  let report: CompileReport | undefined
  return {
    run(_inputs, work) {
      const { backend } = tf.engine()
      const stacks: (string | undefined)[] = []
      const before = backend.readSync
      backend.readSync = (dataId) => {
        stacks.push(new Error().stack)
        return before.call(backend, dataId)
      }
      try {
        return { value: work(), done: undefined }
      } finally {
        backend.readSync = before
        const reasons = stacks.map((stack) => ({ kind: 'read' as const, message: 'read', stack }))
        const parts = reasons.length > 0 ? [{ kernels: 1, program }] : []
        report = { pieces: [...parts, { kernels: 9, program }], reasons }
      }
    },
    repeatable: undefined,
    obstacles: [],
    report: () => report,
    dispose: () => undefined,
  }
}

const reader = pluginFile(
  { name: 'reader' },
  `  onBatchEnd({ outputs }) {
    const [first] = Object.values(outputs)
    this.seen = first.dataSync()[0]
  }`,
)

test('[W05] a tensor that is read in a step is told with its line, once in the log', async () => {
  const bench = new Workbench({ plugins: [linePlugin], compileWork: noteReads })
  await bench.train({ 'plugins/reader.ts': reader }, lineProject())
  const source = { file: 'plugins/reader.ts', line: 5, column: 23 }
  const told = bench.events('run.compiled').filter(({ work }) => work === 'step')
  expect(told[0]).toEqual({
    id: expect.stringMatching(/^run-/),
    work: 'step',
    pieces: [
      { kernels: 1, program },
      { kernels: 9, program },
    ],
    reasons: [{ kind: 'read', message: 'read', source }],
    repeats: { steps: 0, repeated: 0, reasons: [] },
  })
  expect(told.at(-1)!.repeats).toMatchObject({
    steps: 8,
    repeated: 0,
    reasons: expect.arrayContaining([
      { kind: 'parts', message: 'the step is not one program: read', source, steps: 8 },
    ]) as unknown,
  })
  const validation = bench.events('run.compiled').find(({ work }) => work === 'validation')
  expect(validation?.reasons).toEqual([])
  const lines = bench.events('log').filter(({ message }) => message.includes('compiled'))
  expect(lines).toEqual([
    { level: 'info', message: 'a training step is compiled in parts: read', source },
  ])
})

test('nothing is told where work is not compiled', async () => {
  const bench = new Workbench({ plugins: [linePlugin], compileWork: noteReads })
  const off = lineProject('{}', { more: 'device: { compile: off }' })
  await bench.train({ 'plugins/reader.ts': reader }, off)
  expect(bench.events('run.compiled')).toEqual([])
})

describe('a run in mixed precision', () => {
  const toldOf = async (options: WorkbenchOptions, more = ''): Promise<string[]> => {
    const bench = new Workbench({ plugins: [linePlugin], ...options })
    const project = lineProject('{}', { more })
    await bench.train({}, project.replace('batch_size: 8', 'batch_size: 8, precision: mixed'))
    const reasons = bench
      .events('run.compiled')
      .filter(({ work }) => work === 'step')
      .map((told) => told.reasons.map(({ message }) => message))
    const lines = bench.events('log').filter(({ level }) => level === 'warn')
    const messages = [...new Set(reasons.flat())]
    expect(lines.map(({ message }) => message)).toEqual(
      messages.map((message) => `a training step stores all values in float32: ${message}`),
    )
    return messages
  }

  test('asks the device for it, for training steps alone', async () => {
    const asked: unknown[] = []
    const compileWork: WorkbenchOptions['compileWork'] = (options) => {
      asked.push(options)
      return noteReads()
    }
    expect(await toldOf({ compileWork })).toEqual([])
    expect(asked).toContainEqual({ precision: 'mixed' })
    expect(asked).toContainEqual({ precision: 'float32' })
  })

  test('says once that its device stores nothing in 16 bits, and trains', async () => {
    expect(await toldOf({})).toEqual([expect.stringContaining('this device compiles no steps')])
  })

  test('says once that its project switches that off', async () => {
    const off = 'device: { compile: off }'
    expect(await toldOf({ compileWork: noteReads }, off)).toEqual([
      expect.stringContaining('`device.compile` is off'),
    ])
  })
})

describe('of work that is done in another way each time', () => {
  const reports = Array.from({ length: 20 }, (_, i): CompileReport => ({
    pieces: [{ kernels: i }],
    reasons: [{ kind: 'refused', message: `fault ${i}` }],
  }))

  function noted(stepMs: number) {
    const env = new FakeEnvironment()
    let nowMs = 0
    env.now = () => nowMs
    const notes = new CompileNotes(env, 'r')
    for (const report of reports) {
      notes.look('step', report)
      nowMs += stepMs
    }
    notes.flush()
    return env
  }

  test('the page is told now and then, and of the last', () => {
    const told = noted(100).all('run.compiled')
    expect(told.map(({ pieces }) => pieces[0]!.kernels)).toEqual([0, 5, 10, 15, 19])
  })

  test('the log has some lines, not one a step', () => {
    const lines = noted(1000).all('log')
    expect(lines).toHaveLength(6)
    expect(lines[0]).toEqual({
      level: 'warn',
      message: 'a training step could not be compiled: fault 0',
    })
  })

  test('the same report is told once', () => {
    const env = new FakeEnvironment()
    const notes = new CompileNotes(env, 'r')
    for (let i = 0; i < 3; i++) {
      env.now = () => 1000 * i
      notes.look('step', reports[0])
    }
    notes.flush()
    expect(env.all('run.compiled')).toHaveLength(1)
  })
})
