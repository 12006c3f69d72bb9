// What a recording comes to, leaks, and its trace.
import { describe, expect, test } from 'vitest'
import type { CompiledWork, RecordedStep, Sample } from '../../store/profile-slice.ts'
import { figuresOf, formOf, reasonsOf, shareOf } from './compiled.ts'
import { callsOf, kernelsOf, nest, phasesOf } from './breakdown.ts'
import { traceOf } from './chrome-trace.ts'
import { leakIn, suspectsIn } from './leak.ts'

const call = (
  plugin: string,
  kind: 'hook' | 'component',
  name: string,
  startMs: number,
  durationMs: number,
  tensors = 0,
) => ({ plugin, kind, name, startMs, durationMs, tensors })

const recorded = (more: Partial<RecordedStep> = {}): RecordedStep => ({
  run: 'r',
  step: 1,
  isExact: false,
  startMs: 0,
  durationMs: 20,
  phases: [
    { name: 'data', startMs: 0, durationMs: 2 },
    { name: 'forward', startMs: 2, durationMs: 8 },
    { name: 'backward', startMs: 10, durationMs: 10 },
  ],
  calls: [
    call('gpt', 'component', 'backward of model gpt', 2, 16),
    call('gpt', 'component', 'forward of model gpt', 3, 4),
    call('watch', 'hook', 'onBatchEnd', 8, 1, 2),
    call('clip', 'hook', 'onBackwardEnd', 18, 2),
  ],
  droppedCalls: 0,
  kernels: [{ name: 'MatMul', calls: 3, totalMs: 5 }],
  tensors: 7,
  bytes: 28,
  ...more,
})

describe('[W05] a recording', () => {
  test('counts time inside of calls once', () => {
    expect(nest(recorded().calls).map(({ depth, ownMs }) => [depth, ownMs])).toEqual([
      [0, 11],
      [1, 4],
      [1, 1],
      [0, 2],
    ])
  })

  test('gives phases without the hooks in them, which have a row of their own', () => {
    const phases = phasesOf([recorded(), recorded({ step: 2 })])
    const by = Object.fromEntries(phases.map(({ name, totalMs }) => [name, totalMs]))
    expect(by).toMatchObject({ data: 4, forward: 14, backward: 16, hooks: 6, optimizer: 0 })
    expect(phases.at(-1)).toMatchObject({ name: 'hooks', share: 6 / 40, maxMs: 3 })
  })

  test('sums calls by plugin and name, most time first, and kernels by name', () => {
    const calls = callsOf([recorded(), recorded({ step: 2 })])
    expect(calls[0]).toMatchObject({
      plugin: 'gpt',
      name: 'backward of model gpt',
      calls: 2,
      totalMs: 22,
      maxMs: 11,
    })
    expect(calls.map(({ name }) => name)).toContain('onBatchEnd')
    expect(kernelsOf([recorded(), recorded()])).toMatchObject([{ calls: 6, totalMs: 10 }])
  })

  test('becomes a trace whose spans keep their times in microseconds', () => {
    const { traceEvents } = traceOf([recorded({ gpuBytes: 64, launches: 9 })])
    const find = (name: string) => traceEvents.find((event) => event.name === name)
    expect(find('step 1')).toMatchObject({ ph: 'X', ts: 0, dur: 20_000, args: { launches: 9 } })
    expect(find('clip: onBackwardEnd')).toMatchObject({ ts: 18_000, dur: 2000, cat: 'hook' })
    expect(find('gpuBytes')).toMatchObject({ ph: 'C', args: { gpuBytes: 64 } })
    expect(JSON.parse(JSON.stringify(traceEvents))).toEqual(traceEvents)
  })
})

describe('a leak', () => {
  const sample = (step: number, tensors: number): Sample => ({
    step,
    tensors,
    bytes: tensors * 4,
    stepsPerSecond: 10,
    gpuBytes: undefined,
  })
  const samples = (count: number, tensorsAt: (i: number) => number): Sample[] =>
    Array.from({ length: count }, (_, i) => sample(i * 5, tensorsAt(i)))

  test('is growth that goes on', () => {
    expect(leakIn(samples(12, (i) => 100 + 10 * i))).toEqual({ tensorsPerStep: 2, bytesPerStep: 8 })
  })

  test('is not the beginning, one jump, a few samples or a constant number', () => {
    expect(leakIn(samples(12, (i) => (i < 4 ? 100 * i : 400)))).toBeUndefined()
    expect(leakIn(samples(12, (i) => (i < 9 ? 100 : 200)))).toBeUndefined()
    expect(leakIn(samples(4, (i) => 100 * i))).toBeUndefined()
    expect(leakIn(samples(50, () => 100))).toBeUndefined()
  })

  test('names hooks that left tensors behind in the recording', () => {
    expect(suspectsIn([recorded()])).toEqual([
      { plugin: 'watch', name: 'onBatchEnd', tensorsPerStep: 2 },
    ])
    expect(suspectsIn([])).toEqual([])
  })
})

describe('[W05] work that is compiled', () => {
  const program = { launches: 5, pipelines: 4, arenaBytes: 1024, packBytes: 0, uploadBytes: 512 }
  const kernels = 9
  const work = (more: Partial<CompiledWork>): CompiledWork => ({
    id: 'r',
    work: 'step',
    pieces: [],
    reasons: [],
    ...more,
  })

  test.each<[string, Partial<CompiledWork>]>([
    ['one program', { pieces: [{ kernels, program }] }],
    [
      '2 programs',
      {
        pieces: [
          { kernels, program },
          { kernels, program },
        ],
      },
    ],
    ['one program, the rest kernel by kernel', { pieces: [{ kernels, program }, { kernels }] }],
    ['kernel by kernel', { pieces: [{ kernels }] }],
  ])('is %s', (words, more) => {
    expect(formOf(work(more))).toBe(words)
  })

  test('has the figures of its programs together, which share their working memory', () => {
    const late = { ...program, compileMs: 1200, packBytes: 64 }
    const figures = figuresOf(
      work({
        pieces: [
          { kernels, program },
          { kernels, program: late },
        ],
      }),
    )
    expect(Object.fromEntries(figures)).toEqual({
      Kernels: '18',
      Launches: '10',
      Pipelines: '8',
      'Compiled in': '1.2 s',
      'Working memory': '1.0 KiB',
      'Packed parameters': '64 B',
      'Sent each time': '1.0 KiB',
    })
    expect(figuresOf(work({ pieces: [{ kernels }] }))).toEqual([['Kernels', '9']])
  })

  test('says how many steps were repeated, and what kept more than one from it', () => {
    const reason = (message: string, steps: number) => ({ kind: 'reads' as const, message, steps })
    const reasons = [reason('the step reads ctx.step', 20), reason('n was 0, and is 1', 1)]
    const repeats = { steps: 500, repeated: 480, reasons }
    expect(shareOf(repeats)).toBe('repeated without their code: 480 of 500 steps')
    expect(reasonsOf(repeats)).toEqual([reasons[0]])
  })

  test('tells what is stored in 16 bits, and what that saves', () => {
    const mixed = { ...program, mixed: { values: 3, wholeBytes: 2048 } }
    const figures = figuresOf(work({ pieces: [{ kernels, program: mixed }] }))
    expect(Object.fromEntries(figures)).toMatchObject({
      'Working memory': '1.0 KiB',
      'It would be in float32': '2.0 KiB',
      'Stored in 16 bits': '3 values',
    })
    expect(figuresOf(work({}))).toEqual([])
  })
})
