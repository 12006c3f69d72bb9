// Callbacks that look inside a model, against numpy and scikit-learn.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, nn, type PanelContent, type Run, type TensorMap } from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/inspection.json' with { type: 'json' }
import { difference, fill, integers } from '../testing/reference.ts'
import attentionMaps from './attention-maps.ts'
import confusionPanel from './confusion-panel.ts'
import decisionBoundary from './decision-boundary.ts'
import embeddingProjection, { project } from './embedding-projection.ts'

beforeAll(() => tf.setBackend('cpu'))

const read = (tensor: tf.Tensor) => {
  const values = tensor.dataSync<'float32'>()
  tensor.dispose()
  return values
}

describe('histogram', () => {
  test('counts as numpy does', () => {
    const { min, max, counts } = reference.histogram
    const values = tf.tidy(() => nn.histogram(fill([500], 4, 3), counts.length))
    expect(values.shape).toEqual([2 + counts.length])
    const [low, high, ...found] = read(values)
    expect(found).toEqual(counts)
    expect([low, high]).toEqual([Math.fround(min), Math.fround(max)])
  })

  test('counts every value once, on edges and without a spread too', () => {
    const row = (values: number[], bins: number) => [...read(nn.histogram(tf.tensor(values), bins))]
    expect(row([0, 1, 2, 3, 4], 4)).toEqual([0, 4, 1, 1, 1, 2])
    expect(row([2, 2, 2], 3)).toEqual([2, 2, 0, 0, 3])
    expect(row([5, -5], 1)).toEqual([-5, 5, 2])
  })

  test('counts the same edge by edge, for tensors too large for one table', () => {
    const values = tf.tidy(() => tf.tile(tf.range(0, 1000), [45]))
    const [, , ...counts] = read(nn.histogram(values, 25))
    expect(new Set(counts)).toEqual(new Set([40 * 45]))
    values.dispose()
  })

  test('series keep the whole run in view and leave out what is not finite', () => {
    const series = new nn.HistogramSeries(4)
    for (let step = 1; step <= 9; step++) series.add('w', step, Float32Array.of(0, 1, step, 0))
    series.add('w', 10, Float32Array.of(Number.NaN, Number.NaN, 0, 0))
    series.add('same', 1, Float32Array.of(3, 3, 0, 7))
    const { histograms } = series.content('now') as Extract<PanelContent, { histograms: unknown }>
    expect(histograms.map(({ name }) => name)).toEqual(['w', 'same'])
    const steps = histograms[0]!.rows.map(({ at }) => at)
    expect(steps).toHaveLength(4)
    expect([steps[0], steps.at(-1)]).toEqual([1, 9])
    // No two gaps differ by more than a factor of about two.
    expect(Math.max(...steps.slice(1).map((at, i) => at - steps[i]!))).toBeLessThan(5)
    expect(histograms[1]!.rows[0]!.counts).toEqual([7])
  })
})

describe('projection', () => {
  test('lies where the PCA of scikit-learn puts it', () => {
    const [rows, width] = [60, 8]
    const scale = Float32Array.from({ length: width }, (_, i) => width - i)
    const vectors = tf.tidy(() => fill([rows, width], 1).mul(tf.tensor(scale)))
    const { x, y, explained } = project(read(vectors), width)
    expect(difference(x, reference.projection.x)).toBeLessThan(1e-4)
    expect(difference(y, reference.projection.y)).toBeLessThan(1e-4)
    expect(difference(explained, reference.projection.explained)).toBeLessThan(1e-4)
  })

  test('of vectors that do not differ is one point', () => {
    const { x, y, explained } = project(new Float32Array(12).fill(2), 3)
    expect([...x, ...y, ...explained]).toEqual(Array(10).fill(0))
  })
})

/** What callbacks that look at classes read of a run. */
function classifierRun(outputs: (batch: TensorMap) => TensorMap, table: Record<string, object>) {
  const columns = table as Run['data']['validation']['columns']
  const [first] = Object.values(columns) as unknown as {
    data: ArrayLike<number>
    shape: number[]
  }[]
  const length = first!.data.length / first!.shape.reduce((a, b) => a * b, 1)
  return {
    columns,
    step: 40,
    data: { validation: { length, columns } },
    predict: (batch: TensorMap) => tf.tidy(() => outputs(batch)),
    batch: (_: string, rows: ArrayLike<number>) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, column]) => {
          const { data, shape, dtype } = column as never as {
            data: Float32Array
            shape: number[]
            dtype: 'float32' | 'int32'
          }
          const size = shape.reduce((a, b) => a * b, 1)
          const values = Array.from(rows).flatMap((row) =>
            Array.from(data.subarray(row * size, (row + 1) * size)),
          )
          return [name, tf.tensor(values, [rows.length, ...shape], dtype)]
        }),
      ),
  } as unknown as Run
}

const number = { type: 'number', dtype: 'float32' } as const

describe('confusion_panel', () => {
  const [rows, classes] = [60, 4]
  const logits = fill([rows, classes], 2)
  const labels = {
    ...number,
    data: integers(rows, 3, classes),
    shape: [],
    dtype: 'int32',
    limit: 4,
  }
  const index = { ...number, data: Float32Array.from({ length: rows }, (_, i) => i), shape: [1] }
  const run = classifierRun(
    ({ index: at }) => ({ logits: tf.gather(logits, at!.flatten().toInt()) }),
    { index, labels },
  )
  const show = async (config: object) => {
    const { plugin, shown } = await initialize(confusionPanel, config)
    plugin.onTrainBegin({ run, resumed: false })
    await plugin.onValidationEnd({ run, epoch: 1, step: 5, metrics: {} })
    return shown[0] as Extract<PanelContent, { matrices: unknown }>
  }

  test('counts as scikit-learn does, however the rows fall into batches', async () => {
    for (const batch_size of [7, 256]) {
      const before = tf.memory().numTensors
      const { matrices, caption } = await show({ batch_size })
      expect([...matrices[0]!.values]).toEqual(reference.confusion.flat())
      expect(matrices[0]!.rows).toEqual(['0', '1', '2', '3'])
      expect(caption).toContain('step 5: 10 of 60 right')
      expect(tf.memory().numTensors).toBe(before)
    }
  })

  test('shows shares of each true class if wanted, and looks at no more rows than told', async () => {
    const { matrices } = await show({ normalize: true })
    const [first] = reference.confusion
    const total = first!.reduce((a, b) => a + b)
    expect(
      difference(
        [...matrices[0]!.values].slice(0, 4),
        first!.map((it) => it / total),
      ),
    ).toBeLessThan(1e-6)
    expect((await show({ rows: 9 })).caption).toContain('of 9 right')
  })

  test('says that there are no classes', async () => {
    const { plugin, logs, shown } = await initialize(confusionPanel)
    const other = { ...run, columns: { x: index } } as unknown as Run
    plugin.onTrainBegin({ run: other, resumed: false })
    await plugin.onValidationEnd({ run: other, epoch: 1, step: 1, metrics: {} })
    expect(logs).toEqual([expect.stringContaining('no column `labels` of classes')])
    expect(shown).toEqual([])
  })
})

test('decision_boundary colours each cell with what the model says there, and how surely', async () => {
  const x = { ...number, data: Float32Array.of(0, 0, 1, 0, 1, 1, 0, 1), shape: [2] }
  const labels = { ...number, data: Int32Array.of(0, 1, 1, 0), shape: [], dtype: 'int32', limit: 2 }
  // Class 1 to the right of 0.5, the surer the further away.
  const run = classifierRun(
    ({ x: inputs }) => {
      const side = inputs!.slice([0, 0], [-1, 1]).sub(0.5).mul(4)
      return { logits: tf.concat([side.neg(), side], 1) }
    },
    { x, labels },
  )
  const { plugin, shown } = await initialize(decisionBoundary, { cells: 6 })
  const before = tf.memory().numTensors
  plugin.onTrainBegin({ run, resumed: false })
  await plugin.onTrainEnd({ run, metrics: {}, reason: 'finished' })
  expect(tf.memory().numTensors).toBe(before)
  const { field, group, x: points } = shown[0] as Extract<PanelContent, { x: unknown }>
  expect(field!.x.map((end) => Number(end.toFixed(3)))).toEqual([-0.1, 1.1])
  expect([...field!.groups].slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1])
  const [edge, inner] = [field!.strengths![0]!, field!.strengths![2]!]
  const sure = (distance: number) => 2 / (1 + Math.exp(-8 * distance)) - 1
  expect(edge).toBeCloseTo(sure(0.5), 5)
  expect(inner).toBeCloseTo(sure(0.1), 5)
  expect([[...points], [...group!]]).toEqual([
    [0, 1, 1, 0],
    [0, 1, 1, 0],
  ])
})

test('attention_maps cuts to what the mask keeps, and names tokens', async () => {
  const weights = tf.range(0, 32).reshape([1, 2, 4, 4])
  const batch = () => ({
    input_ids: tf.tensor([[0, 1, 2, 0]], [1, 4], 'int32'),
    attention_mask: tf.tensor([[1, 1, 1, 0]]),
  })
  const run = {
    step: 3,
    data: { validation: { length: 1 } },
    tokenizer: { decode: ([id]: number[]) => ['', 'a', ' '][id!] },
    batch,
    inspect: () => ({ outputs: {}, seen: { 'layers.0.attn:weights': weights.clone() } }),
  } as unknown as Run
  const { plugin, shown } = await initialize(attentionMaps)
  const before = tf.memory().numTensors
  await plugin.onTrainEnd({ run, metrics: {}, reason: 'stopped' })
  expect(tf.memory().numTensors).toBe(before)
  const { matrices } = shown[0] as Extract<PanelContent, { matrices: unknown }>
  expect(matrices).toMatchObject([
    { title: 'layers.0.attn · head 0', rows: ['·', 'a', '␣'], columns: ['·', 'a', '␣'] },
    {
      title: 'layers.0.attn · head 1',
      values: Float32Array.of(16, 17, 18, 20, 21, 22, 24, 25, 26),
    },
  ])
})

test('embedding_projection says which matrices there are when none is for tokens', async () => {
  const { plugin, logs } = await initialize(embeddingProjection)
  const run = { columns: {}, model: { weight: tf.variable(tf.zeros([2, 3])) } } as unknown as Run
  plugin.onTrainBegin({ run, resumed: false } satisfies HookArgs<'onTrainBegin'>)
  expect(logs).toEqual([expect.stringContaining('set `parameter` to one of weight')])
})
