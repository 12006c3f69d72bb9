// Two runs with what is hard to write: names that are no file names, numbers that are none, texts like formulas.
import type { KeptRun } from './kept-run.ts'

const columns = (values: number[]) => ({
  length: values.length,
  steps: Float64Array.from(values, (_, i) => 10 * i),
  epochs: Float64Array.from(values, (_, i) => 1 + i),
  times: Float64Array.from(values, (_, i) => 250.4 * i),
  values: Float64Array.from(values),
})

const figures = { count: 3, last: 0.5, lastStep: 20, min: 0.5, minStep: 20, max: 2, maxStep: 0 }

const run = (id: string, number: number, learningRate: number, over: object = {}): KeptRun => ({
  entry: {
    id,
    number,
    name: '',
    state: 'finished',
    startedAt: 1_700_000_000_000 + number,
    endedAt: 1_700_000_060_000,
    step: 20,
    epoch: 3,
    totalSteps: 20,
    setup: {
      name: 'digits: "small"',
      seed: 7,
      config: {
        name: 'digits: "small"',
        model: { name: 'mlp', config: { hidden: [32, 16] } },
        training: { optimizer: { name: 'adamw', config: { learning_rate: learningRate } } },
      },
      parameterCount: 1234,
      trainRows: 90,
      validationRows: 10,
      batchSize: 9,
      totalSteps: 20,
      stepsPerEpoch: 10,
    },
    device: 'CPU',
    metrics: { loss: figures },
    tags: { team: 'a: #b', baseline: '', '../../x': 'outside' },
    notes: '=SUM(1)\n"second" line',
    files: 'abc',
    plugins: { mlp: '1.2.0' },
    ...over,
  },
  details: {
    yaml: 'experiment:\n  name: digits\n',
    timeOrigin: 1_700_000_001_000,
    series: {
      loss: columns([2, 1.25e-7, 0.5]),
      Loss: columns([1]),
      'val/accuracy': columns([NaN, Infinity, -Infinity]),
      val: columns([1]),
      'perplexity (ü)': columns([3]),
    },
    references: [{ metric: 'loss', label: 'chance', value: 2.3 }],
    marks: [{ kind: 'swap', step: 10, time: 250, label: 'mlp swapped' }],
  },
})

export const keptRuns: readonly KeptRun[] = [
  run('run-abc-1', 1, 0.01),
  run('run-abc-2', 2, 0.1, { name: 'fast', state: 'failed', endedAt: undefined }),
]
