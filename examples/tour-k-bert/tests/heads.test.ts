// The heads: losses worked out by hand, labels that are missing, metrics by task.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, disposeModule, type TensorMap } from 'plugboard'
import { describe, expect, test } from 'plugboard/testing'
import { config, MultiTaskHead } from '../plugins/multi-task-head.ts'
import SingleTaskHead from '../plugins/single-task-head.ts'
import { smallRun } from './small-run.ts'

const env = {
  columns: { gender_labels: { shape: [], dtype: 'int32' as const, limit: 2 } },
  width: 4,
  create: () => {
    throw new Error('it has no parts of other kinds')
  },
}
const build = (tasks: Record<string, unknown>) =>
  buildModule(createRandom(1), () => new MultiTaskHead(config.parse({ tasks }), env))

describe('the multi-task head', () => {
  test('weighs the losses of its tasks, and leaves out what has no labels', () => {
    const head = build({ gender: { weight: 2 }, rhyme: { output_size: 4 } })
    expect(head.outputSize()).toEqual({ gender_logits: 2, rhyme_logits: 4 })
    tf.tidy(() => {
      // Logits of 0 are as unsure as can be: ln(classes) for every row.
      const outputs = { gender_logits: tf.zeros([2, 2]), rhyme_logits: tf.zeros([2, 4]) }
      const gender_labels = tf.tensor1d([0, 1], 'int32')
      const lossOf = (batch: TensorMap) => head.computeLoss({ outputs, batch }).dataSync()[0]!
      expect(lossOf({ gender_labels })).toBeCloseTo(2 * Math.log(2), 5)
      const rhyme_labels = tf.tensor1d([3, 0], 'int32')
      expect(lossOf({ gender_labels, rhyme_labels })).toBeCloseTo(2 * Math.log(2) + Math.log(4), 5)
      expect(lossOf({})).toBe(0)
    })
    disposeModule(head)
  })

  test('gives rows without a label no say in loss and metrics', () => {
    const head = build({ gender: {} })
    tf.tidy(() => {
      // The second row is wrong, and sure of it, but nobody knows its label.
      const outputs = {
        gender_logits: tf.tensor2d([
          [0, 0],
          [9, -9],
          [-1, 1],
        ]),
      }
      const batch = {
        gender_labels: tf.tensor1d([0, 1, 1], 'int32'),
        gender_mask: tf.tensor1d([1, 0, 1]),
      }
      const known = (Math.log(2) + Math.log(1 + Math.exp(-2))) / 2
      expect(head.computeLoss({ outputs, batch }).dataSync()[0]).toBeCloseTo(known, 5)
      const [metric] = head.metrics()
      const sums = Array.from(metric!.measure({ outputs, batch }).dataSync())
      expect(metric!.summarize(sums)).toEqual({ gender_accuracy: 1, gender_f1: 1 })
      const none = { ...batch, gender_mask: tf.zeros([3]) }
      const nothing = Array.from(metric!.measure({ outputs, batch: none }).dataSync())
      expect(metric!.summarize(nothing)).toEqual({})
    })
    disposeModule(head)
  })

  test('trains, and tells accuracy and F1 of each task', async () => {
    const engine = await smallRun()
    const { reason, metrics } = await engine.run()
    expect(reason).toBe('finished')
    for (const name of ['gender_accuracy', 'gender_f1', 'syllables_accuracy', 'val_loss'])
      expect(metrics).toHaveProperty(name)
    const [{ parameters } = { parameters: [] }] = engine.events.data('run.begin')
    expect(parameters).toContainEqual({ path: 'head.tasks.0.network.out.weight', shape: [4, 2] })
  })

  test('needs a task, and to know its classes', async () => {
    expect(() => build({})).toThrow('name one task at least')
    expect(() => build({ rhyme: {} })).toThrow('how many classes the task rhyme has')
  })
})

test('the single-task head trains in its place', async () => {
  const head = { name: 'single_task', config: { task: 'syllables' } }
  const engine = await smallRun({ plugins: [SingleTaskHead], experiment: { head } })
  const { metrics } = await engine.run()
  expect(metrics).toHaveProperty('syllables_f1')
  expect(metrics).not.toHaveProperty('gender_f1')
})
