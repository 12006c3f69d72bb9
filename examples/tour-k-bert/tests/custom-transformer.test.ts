// The transformer: defaults, shapes, padding that has no say, and gradients that reach every parameter.
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, disposeModule } from 'plugboard'
import { checkGradientFlow, expect, test } from 'plugboard/testing'
import CustomTransformerPlugin, {
  config,
  CustomTransformer,
} from '../plugins/custom-transformer.ts'
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
  buildModule(createRandom(1), () => new CustomTransformer(config.parse(settings), env))

/** Two rows of five and three tokens; what the second is filled up with is `filler`. */
const inputs = (filler = 0) => ({
  input_ids: tf.tensor2d([1, 2, 3, 4, 5, 1, 6, 7, filler, filler], [2, 5], 'int32'),
  attention_mask: tf.tensor2d([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [2, 5]),
})
const ctx = { training: false, random: createRandom(0), step: 0, scalars: {} }

test('has a default for everything; what is set is laid over it', () => {
  const defaults = { hidden_size: 32, num_layers: 2, num_heads: 4, dropout: 0.1 }
  expect(config.parse({})).toEqual(defaults)
  expect(config.parse({ num_layers: 12 })).toEqual({ ...defaults, num_layers: 12 })
  expect(() => config.parse({ hiden_size: 8 })).toThrow('hiden_size')
})

test('gives a state for each token, and that of the first for all', () => {
  const model = build({ hidden_size: 8 })
  tf.tidy(() => {
    const outputs = model.forward(inputs(), ctx)
    expect(outputs['hidden_states']!.shape).toEqual([2, 5, 8])
    const first = outputs['hidden_states']!.slice([0, 0, 0], [2, 1, 8]).dataSync()
    expect(Array.from(outputs['pooled_output']!.dataSync())).toEqual(Array.from(first))
  })
  disposeModule(model)
})

test('is blind to what rows are filled up with', () => {
  const model = build({ hidden_size: 8 })
  const pooled = (filler: number) =>
    tf.tidy(() => Array.from(model.forward(inputs(filler), ctx)['pooled_output']!.dataSync()))
  expect(pooled(9)).toEqual(pooled(20))
  disposeModule(model)
})

test('learns with all of its parameters', () => {
  const model = build({ hidden_size: 8 })
  tf.tidy(() => checkGradientFlow(model, inputs()))
  disposeModule(model)
})

test('takes part in a run, under the heads of others', async () => {
  const engine = await smallRun({
    plugins: [CustomTransformerPlugin],
    experiment: {
      preprocess: [{ name: 'encode_text', config: { context: 8 } }],
      model: { name: 'custom_transformer', config: { hidden_size: 8 } },
    },
  })
  const { metrics } = await engine.run()
  expect(metrics['val_loss']).toBeGreaterThan(0)
})

test('says that heads must divide its size', async () => {
  const engine = await smallRun({
    plugins: [CustomTransformerPlugin],
    experiment: { model: { name: 'custom_transformer', config: { hidden_size: 9 } } },
  })
  await expect(engine.run()).rejects.toThrow('width 9 cannot be split into 4 heads')
})
