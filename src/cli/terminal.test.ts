// What people see of a run: one line in a terminal, written anew; lines now and then elsewhere; errors with their lines.
import { expect, test, vi } from 'vitest'
import type { EngineEvent } from '#protocol'
import { TerminalView } from './terminal.ts'

// The checks of the repository run without colours.
vi.stubEnv('NO_COLOR', '')

/** What a view writes for events given as type and data. */
function show(isTerminal: boolean, ...events: [EngineEvent['type'], object][]) {
  const written = { out: '', err: '' }
  const output = (name: 'out' | 'err') => ({
    write: (text: string) => void (written[name] += text),
    isTerminal,
    columns: 60,
  })
  const { signal } = new AbortController()
  const files = new Map([['plugins/a.ts', 'one()\n\ttwo()\n']])
  const view = new TerminalView({ out: output('out'), err: output('err'), signal }, files)
  for (const [i, [type, data]] of events.entries())
    view.show({ seq: i, time: i, type, plugin: 'a', data } as EngineEvent)
  view.end()
  return written
}

const begin = {
  name: 'line',
  seed: 1,
  parameterCount: 3,
  trainRows: 8,
  validationRows: 2,
  totalSteps: 20,
  stepsPerEpoch: 10,
}
const progress = { step: 12, epoch: 2, stepsPerSecond: 4, remainingMs: 185_000 }
const metrics = {
  points: [{ step: 12, epoch: 2, time: 0, values: { loss: 0.123456, accuracy: 0.5 } }],
}
const LINE = 'epoch 2/2 · step 12/20 · loss 0.1235 · accuracy 0.5 · 4 steps/s · 3 min 5 s left'

const run: [EngineEvent['type'], object][] = [
  ['run.begin', begin],
  ['run.progress', { ...progress, step: 0 }],
  ['run.metrics', metrics],
  ['log', { level: 'warn', message: 'slow' }],
]

test('elsewhere than in a terminal progress is a plain line, and the same one comes once', () => {
  const again: typeof run = [
    ['run.progress', progress],
    ['run.metrics', metrics],
    ['run.progress', progress],
  ]
  const { out } = show(false, ['run.begin', begin], ...again)
  expect(out).toBe(`line: 3 parameters, 8 rows to train on, 2 to validate, seed 1\n${LINE}\n`)
})

test('a terminal has one line of progress, cut to its width and taken away for what stays', () => {
  const { out } = show(true, ['run.begin', begin], ['run.progress', progress], ...run.slice(2))
  expect(out.split('\n').slice(1)).toEqual([
    `${LINE.slice(0, 59)}\r\u001B[2K${'\u001B[2ma: \u001B[0m'}\u001B[33mwarn: \u001B[0mslow`,
    '',
  ])
})

test('[F12] a log line has its plugin, its level unless it is info, and its fields', () => {
  const fields = { rows: 160, phase: 'fit', title: 'first epoch', best: NaN, shape: [2, 3] }
  const { out } = show(
    false,
    ['log', { level: 'error', message: 'stopped', fields }],
    ['log', { level: 'info', message: 'started' }],
  )
  expect(out).toBe(
    'a: error: stopped rows=160 phase=fit title="first epoch" best="NaN" shape=[2,3]\na: started\n',
  )
})

test('an error of a plugin is told at its line, with its owner, beside the results', () => {
  const error = {
    code: 'hook.threw',
    message: 'Error: broken',
    plugin: 'a',
    hook: 'onMetrics',
    source: { file: 'plugins/a.ts', line: 2, column: 2 },
    hint: 'mend it',
  }
  const { out, err } = show(false, ['hook.failed', { error }])
  expect(out).toBe('')
  expect(err).toBe(
    `plugins/a.ts:2:2: error: Error: broken (plugin a, hook onMetrics)\n  1 | one()\n  2 | \ttwo()\n    | \t^\n  mend it\n`,
  )
})
