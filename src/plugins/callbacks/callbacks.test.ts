// Callbacks, each called as the engine calls it.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  createRandom,
  text as texts,
  type HookArgs,
  type NumberColumn,
  type Run,
  type Table,
  type TensorMap,
} from 'plugboard'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/layers.json' with { type: 'json' }
import { difference, fill } from '../testing/reference.ts'
import charts from './charts.ts'
import checkpointing from './checkpointing.ts'
import earlyStopping from './early-stopping.ts'
import gradientClipping from './gradient-clipping.ts'
import ngramBaselines, { ngramLosses } from './ngram-baselines.ts'
import sampleText from './sample-text.ts'

beforeAll(() => tf.setBackend('cpu'))

describe('early_stopping', () => {
  /** Number of the validation after which the run is stopped, or `undefined`. */
  const stopsAfter = async (config: object, values: number[]) => {
    const { plugin } = await initialize(earlyStopping, config)
    const stops: number[] = []
    const metric = (config as { monitor?: string }).monitor ?? 'val_loss'
    values.forEach((value, i) => {
      const run = { stop: () => void stops.push(i + 1) } as unknown as Run
      plugin.onValidationEnd({ run, epoch: 1, step: i + 1, metrics: { [metric]: value } })
    })
    return stops[0]
  }

  test('waits for `patience` validations without improvement', async () => {
    expect(await stopsAfter({ patience: 2 }, [3, 2, 2.5, 1.5, 1.6, 1.7])).toBe(6)
    expect(await stopsAfter({ patience: 2 }, [3, 2, 1])).toBeUndefined()
  })

  test('takes changes below min_delta for none', async () => {
    expect(await stopsAfter({ patience: 2, min_delta: 0.1 }, [1, 0.95, 0.92])).toBe(3)
    expect(await stopsAfter({ patience: 2, min_delta: 0.01 }, [1, 0.95, 0.92])).toBeUndefined()
  })

  test('knows which way is better', async () => {
    const monitor = 'val_accuracy'
    expect(await stopsAfter({ monitor, patience: 1 }, [0.5, 0.6, 0.7])).toBeUndefined()
    expect(await stopsAfter({ monitor, patience: 1, mode: 'min' }, [0.5, 0.6])).toBe(2)
  })

  test('a metric that is no number never counts as better', async () => {
    expect(await stopsAfter({ patience: 2 }, [Number.NaN, 1, Number.NaN, 0.5])).toBeUndefined()
    expect(await stopsAfter({ patience: 2 }, [Number.NaN, Number.NaN])).toBe(2)
    expect(await stopsAfter({ patience: 2 }, [1, Number.NaN, Number.NaN])).toBe(3)
  })

  test('goes on after a reload where it was, and begins anew with a new run', async () => {
    const [before, after] = [await initialize(earlyStopping), await initialize(earlyStopping)]
    const run = { stop: () => undefined } as unknown as Run
    const see = ({ plugin }: typeof before, value: number) =>
      plugin.onValidationEnd({ run, epoch: 1, step: 1, metrics: { val_loss: value } })
    see(before, 1)
    see(before, 2)
    after.plugin.restore(structuredClone(before.plugin.capture()))
    see(after, 2)
    expect(after.plugin.capture()).toEqual({ best: 1, wait: 2 })
    after.plugin.onTrainBegin({ run, resumed: true })
    expect(after.plugin.capture().wait).toBe(2)
    after.plugin.onTrainBegin({ run, resumed: false })
    expect(after.plugin.capture()).toEqual({ best: undefined, wait: 0 })
  })

  test('warns once, naming the metrics there are, when its own is missing', async () => {
    const { plugin, logs, events } = await initialize(earlyStopping, { monitor: 'val_f1' })
    const args = { run: {} as Run, epoch: 1, step: 1, metrics: { val_loss: 1, val_accuracy: 0 } }
    plugin.onValidationEnd(args)
    plugin.onValidationEnd(args)
    expect(logs).toEqual([
      expect.stringContaining("watches 'val_f1', but validation reports val_loss, val_accuracy"),
    ])
    expect(events.map(({ type }) => type)).toEqual(['early_stopping.warning'])
  })
})

describe('checkpointing', () => {
  const setUp = async (config: object) => {
    const context = await initialize(checkpointing, config)
    const asked: string[] = []
    const run = {
      checkpoint: (name: string) => void asked.push(name),
      removeCheckpoint: (name: string) => void asked.push(`-${name}`),
    } as unknown as Run
    context.plugin.onTrainBegin({ run, resumed: false })
    return { ...context, asked, run }
  }

  test('keeps the last of each epoch, and the best', async () => {
    const { plugin, asked, run } = await setUp({})
    for (const [i, value] of [2, 1, 1.5, Number.NaN].entries()) {
      plugin.onStepEnd({ run, epoch: i + 1, step: i + 1 })
      plugin.onValidationEnd({ run, epoch: i + 1, step: i + 1, metrics: { val_loss: value } })
      plugin.onEpochEnd({ run, epoch: i + 1, metrics: {} })
    }
    expect(asked).toEqual(['best', 'last', 'best', 'last', 'last', 'last'])
  })

  test('keeps some by number, and forgets the oldest', async () => {
    const { plugin, asked, run } = await setUp({ every_steps: 10, keep: 2, keep_best: false })
    for (let step = 1; step <= 40; step++) plugin.onStepEnd({ run, epoch: 1, step })
    plugin.onEpochEnd({ run, epoch: 1, metrics: {} })
    plugin.onValidationEnd({ run, epoch: 1, step: 40, metrics: { val_loss: 1 } })
    const steps = ['step-10', 'last', 'step-20', 'last', 'step-30', '-step-10', 'last', 'step-40']
    expect(asked).toEqual(['last', ...steps, '-step-20'])
  })

  test('goes on with a run: what was best stays best', async () => {
    const [before, after] = [await setUp({}), await setUp({ monitor: 'val_loss' })]
    const see = ({ plugin, run }: typeof before, value: number) =>
      plugin.onValidationEnd({ run, epoch: 1, step: 1, metrics: { val_loss: value } })
    see(before, 1)
    after.plugin.restore(structuredClone(before.plugin.capture()))
    after.plugin.onTrainBegin({ run: after.run, resumed: true })
    see(after, 2)
    expect(after.asked).toEqual([])
    see(after, 0.5)
    expect(after.asked).toEqual(['best'])
  })

  test('more can be better, and a metric that is missing is told once', async () => {
    const { plugin, asked, run, logs } = await setUp({ monitor: 'val_accuracy' })
    const see = (metrics: Record<string, number>) =>
      plugin.onValidationEnd({ run, epoch: 1, step: 1, metrics })
    for (const value of [0.1, 0.2, 0.15]) see({ val_accuracy: value })
    expect(asked).toEqual(['best', 'best'])
    see({ val_loss: 1 })
    see({ val_loss: 1 })
    expect(logs).toEqual([expect.stringContaining("watches 'val_accuracy'")])
  })
})

describe('gradient_clipping', () => {
  const run = { observe: () => undefined } as unknown as Run
  const clip = async (max_norm: number) => {
    const { plugin } = await initialize(gradientClipping, { max_norm })
    const gradients = new Map([
      ['matrix', fill([3, 4], 1, 10)],
      ['vector', fill([5], 2, 10)],
    ])
    const args = { run, gradients, isLast: true } as unknown as HookArgs<'onBackwardEnd'>
    return plugin.onBackwardEnd(args)!
  }

  test('scales as clip_grad_norm_ of PyTorch does', async () => {
    const clipped = await clip(1)
    expect([...clipped.keys()]).toEqual(['matrix', 'vector'])
    const values = [...clipped.values()].map((gradient) => gradient.dataSync())
    values.forEach((found, i) => {
      expect(difference(found, reference.clipped[i]!)).toBeLessThan(1e-5)
    })
    const norm = Math.hypot(...values.flatMap((found) => [...found]))
    expect(norm).toBeCloseTo(1, 5)
  })

  test('leaves short gradients exactly as they are', async () => {
    const values = [...(await clip(1000)).values()].map((gradient) => gradient.dataSync())
    values.forEach((found, i) => expect(difference(found, reference.unclipped[i]!)).toBe(0))
  })

  test('keeps nothing but what it hands on', async () => {
    tf.dispose([...(await clip(2)).values()])
    const { plugin } = await initialize(gradientClipping, { max_norm: 2 })
    const gradients = new Map([['a', tf.ones([2])]])
    const before = tf.memory().numTensors
    const args = { run, gradients, isLast: true } as unknown as HookArgs<'onBackwardEnd'>
    plugin.onBackwardEnd(args)
    expect(tf.memory().numTensors).toBe(before + 1)
  })
})

const ids = (data: number[], context: number, limit: number): NumberColumn => ({
  type: 'number',
  data: Int32Array.from(data),
  shape: [context],
  dtype: 'int32',
  limit,
})

describe('ngram_baselines', () => {
  // Two texts over the letters 1 and 2, boundary 0: "12" and "1".
  const train: Table = {
    length: 2,
    columns: {
      input_ids: ids([0, 1, 2, 0, 1, 0], 3, 3),
      labels: ids([1, 2, 0, 1, 0, 0], 3, 3),
      attention_mask: ids([1, 1, 1, 1, 1, 0], 3, 2),
    },
  }
  // "11", once.
  const validation: Table = {
    length: 1,
    columns: {
      input_ids: ids([0, 1, 1], 3, 3),
      labels: ids([1, 1, 0], 3, 3),
      attention_mask: ids([1, 1, 1], 3, 2),
    },
  }

  test('counts with one added to everything', () => {
    const { unigram, bigram } = ngramLosses(train, validation, 3)
    // Labels: 1 twice, 2 once, 0 twice, of 5 in all.
    const mean = (...odds: number[]) =>
      -odds.reduce((sum, odd) => sum + Math.log(odd), 0) / odds.length
    expect(unigram).toBeCloseTo(mean(3 / 8, 3 / 8, 3 / 8), 12)
    // 0 is followed by 1 twice of 2; 1 by 1 never of 2 and by 0 once of 2.
    expect(bigram).toBeCloseTo(mean(3 / 5, 1 / 5, 2 / 5), 12)
  })

  test('draws both as lines in the chart of the validation loss', async () => {
    const { plugin } = await initialize(ngramBaselines)
    const lines: Parameters<Run['reference']>[0][] = []
    const columns = { input_ids: { shape: [3], limit: 3 }, labels: { shape: [3], limit: 3 } }
    const reference = (line: never) => lines.push(line)
    const run = { columns, data: { train, validation }, reference }
    plugin.onTrainBegin({ run: run as unknown as Run, resumed: false })
    const { unigram, bigram } = ngramLosses(train, validation, 3)
    expect(lines).toEqual([
      { metric: 'val_loss', label: 'unigram', value: unigram },
      { metric: 'val_loss', label: 'bigram', value: bigram },
    ])

    // With nothing kept there is no mean, and no line.
    lines.length = 0
    const attention_mask = ids([0, 0, 0], 3, 2)
    const nothing = { ...validation, columns: { ...validation.columns, attention_mask } }
    const empty = { ...run, data: { train, validation: nothing } }
    plugin.onTrainBegin({ run: empty as unknown as Run, resumed: false })
    expect(lines).toEqual([])
  })

  test('says that it has nothing to count', async () => {
    const { plugin, logs } = await initialize(ngramBaselines)
    const run = { columns: { image: { shape: [2, 2] } } } as unknown as Run
    plugin.onTrainBegin({ run, resumed: false })
    expect(logs).toEqual([expect.stringContaining('nothing to count')])
  })
})

describe('charts', () => {
  test('describes its panels as data', async () => {
    const { panels } = await initialize(charts)
    expect(panels[0]).toEqual({
      id: 'loss',
      title: 'Loss',
      type: 'chart',
      metrics: ['loss', 'val_loss'],
    })
    const own = await initialize(charts, { panels: [{ id: 'a', title: 'A', metrics: ['lr'] }] })
    expect(own.panels).toEqual([{ id: 'a', title: 'A', type: 'chart', metrics: ['lr'] }])
  })
})

describe('sample_text', () => {
  const VOCABULARY = 4
  const CONTEXT = 6

  /** A run whose model says after 0: 2, after 2: 3, after 3: the boundary. */
  const follow = [2, 0, 3, 0]
  const runOf = (inputs: number[][]): Run =>
    ({
      step: 0,
      columns: { input_ids: { shape: [CONTEXT], limit: VOCABULARY } },
      tokenizer: {
        boundary: 0,
        encode: (text: string) => Array.from(text, (letter) => 'ab'.indexOf(letter) + 2),
        decode: (tokens: number[]) => Array.from(tokens, (id) => 'ab'[id - 2]).join(''),
      },
      data: {
        train: {
          length: 1,
          columns: {
            input_ids: ids([0, 2, 3, 0, 0, 0], CONTEXT, VOCABULARY),
            labels: ids([2, 3, 0, 0, 0, 0], CONTEXT, VOCABULARY),
            attention_mask: ids([1, 1, 1, 0, 0, 0], CONTEXT, 2),
          },
        },
      },
      predict({ input_ids }: TensorMap) {
        const flat = input_ids!.dataSync()
        inputs.push([...flat])
        const next = Int32Array.from(flat, (id) => follow[id]!)
        const shape = [...input_ids!.shape, VOCABULARY]
        const one = () => tf.oneHot(tf.tensor1d(next, 'int32'), VOCABULARY).mul(50)
        return { logits: tf.tidy(() => one().reshape(shape)) }
      },
    }) as unknown as Run

  test('shows what the model writes, up to the boundary, and what of it is new', async () => {
    const { plugin, shown } = await initialize(sampleText, { every_steps: 10, count: 2 })
    const run = runOf([])
    plugin.onTrainBegin({ run, resumed: false })
    for (let step = 1; step <= 25; step++)
      await plugin.onMetrics({ run, epoch: 1, step, metrics: {}, observed: {} })
    expect(shown).toEqual([
      {
        text: ['ab', 'ab'],
        caption: 'step 10, temperature 0.8: 0 of 2 are not in the training data',
      },
      {
        text: ['ab', 'ab'],
        caption: 'step 20, temperature 0.8: 0 of 2 are not in the training data',
      },
    ])
  })

  test('asks with one fixed shape, and moves on along a long text', async () => {
    follow[3] = 2
    const inputs: number[][] = []
    const config = { every_steps: 1, count: 1, max_tokens: 8, prompt: 'ba', temperature: 0 }
    const { plugin, shown } = await initialize(sampleText, config)
    const before = tf.memory().numTensors
    const run = runOf(inputs)
    plugin.onTrainBegin({ run, resumed: false })
    await plugin.onMetrics({ run, epoch: 1, step: 1, metrics: {}, observed: {} })
    follow[3] = 0
    expect(shown[0]).toMatchObject({ text: ['bababababa'] })
    expect(inputs[0]).toEqual([0, 3, 2, 0, 0, 0])
    expect(inputs.at(-1)).toEqual([2, 3, 2, 3, 2, 3])
    expect(tf.memory().numTensors).toBe(before)
  })

  test('knows texts that go on over rows, and none that begin in the middle', async () => {
    const novelty = async (inputs: number[], labels: number[]) => {
      const { plugin, shown } = await initialize(sampleText, { count: 1, temperature: 0 })
      const rows = inputs.length / CONTEXT
      const columns = {
        input_ids: ids(inputs, CONTEXT, VOCABULARY),
        labels: ids(labels, CONTEXT, VOCABULARY),
      }
      const run = Object.assign(runOf([]), { data: { train: { length: rows, columns } } })
      await plugin.onTrainEnd({ run, metrics: {}, reason: 'finished' })
      return shown[0]!.caption
    }
    // "abab" and "ab", packed into two rows; then "ab" as the end of a text whose beginning is not there.
    expect(
      await novelty([0, 2, 3, 2, 3, 0, 2, 3, 0, 0, 0, 0], [2, 3, 2, 3, 0, 2, 3, 0, 0, 0, 0, 0]),
    ).toBe('step 0, temperature 0: 0 of 1 are not in the training data')
    expect(await novelty([3, 2, 3, 0, 3, 3], [2, 3, 0, 3, 3, 0])).toBe(
      'step 0, temperature 0: 1 of 1 are not in the training data',
    )
  })

  test('says what it needs of the model', async () => {
    const { plugin } = await initialize(sampleText)
    const run = Object.assign(runOf([]), { predict: () => ({ logits: tf.zeros([10, 4]) }) })
    await expect(plugin.onTrainEnd({ run, metrics: {}, reason: 'finished' })).rejects.toThrow(
      "is continued by the output 'logits' [batch, time, vocabulary]; the model's are [10, 4]",
    )
  })

  test('draws by temperature', () => {
    const logits = Float32Array.from([0, 1, 3])
    const counts = [0, 0, 0]
    const random = createRandom(2)
    for (let i = 0; i < 20_000; i++) counts[texts.drawToken(logits, 2, random)]!++
    const odds = [0, 1, 3].map((logit) => Math.exp(logit / 2))
    const total = odds.reduce((a, b) => a + b)
    odds.forEach((odd, i) => expect(counts[i]! / 20_000).toBeCloseTo(odd / total, 1))
    expect(texts.drawToken(logits, 0, random)).toBe(2)
  })
})
