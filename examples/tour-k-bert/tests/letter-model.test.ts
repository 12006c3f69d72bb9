// The model: defaults, shapes, and gradients that reach every parameter.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, disposeModule } from 'plugboard'
import { checkGradientFlow, expect, test } from 'plugboard/testing'
import { config, LetterModel } from '../plugins/letter-model.ts'
import { smallRun } from './small-run.ts'

const columns = {
  input_ids: { shape: [5], dtype: 'int32' as const, limit: 27 },
  attention_mask: { shape: [5], dtype: 'float32' as const },
}
const env = {
  columns,
  hasHead: true,
  create: () => {
    throw new Error('it has no parts of other kinds')
  },
}
const build = (settings: Record<string, number>) =>
  buildModule(createRandom(1), () => new LetterModel(config.parse(settings), env))

/** Two names of two and three letters. */
const inputs = () => ({
  input_ids: tf.tensor2d([0, 0, 0, 1, 2, 0, 0, 3, 4, 5], [2, 5], 'int32'),
  attention_mask: tf.tensor2d([0, 0, 0, 1, 1, 0, 0, 1, 1, 1], [2, 5]),
})
const ctx = { training: false, random: createRandom(0), step: 0, scalars: {} }

test('has a default for everything; what is set is laid over it', () => {
  expect(config.parse({})).toEqual({ width: 32, layers: 2, dropout: 0.1 })
  expect(config.parse({ width: 8 })).toEqual({ width: 8, layers: 2, dropout: 0.1 })
  expect(() => config.parse({ widht: 8 })).toThrow('widht')
})

test('gives a state for each letter, and nothing where there is none', () => {
  const model = build({ width: 8 })
  const kept = tf.tidy(() => {
    const states = model.forward(inputs(), ctx)['hidden_states']!
    expect(states.shape).toEqual([2, 5, 8])
    return states.abs().sum(2).greater(0).toInt().arraySync()
  })
  expect(kept).toEqual([
    [0, 0, 0, 1, 1],
    [0, 0, 1, 1, 1],
  ])
  disposeModule(model)
})

test('learns with all of its parameters', () => {
  const model = build({ width: 8, layers: 2 })
  tf.tidy(() => checkGradientFlow(model, inputs()))
  disposeModule(model)
})

test('says what it lacks when the batches are of another kind', async () => {
  const engine = await smallRun({
    experiment: { dataset: 'digits', preprocess: [], tokenizer: undefined },
  })
  await expect(engine.run()).rejects.toThrow('reads ids in the column input_ids; there are image')
})
