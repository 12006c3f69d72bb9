// Windows of rows, and the model that reads them.
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  createRandom,
  disposeModule,
  type NumberColumn,
  type TensorMap,
} from 'plugboard'
import { checkGradientFlow, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import Sequence from '../plugins/sequence.ts'
import { tableOf } from './tables.ts'

async function contextOf() {
  const engine = await createTestEngine({ plugins: [Sequence] })
  await engine.up()
  return engine.instance('sequence').ctx
}

const columns = (shape: number[]) => ({ days: { shape, dtype: 'float32' as const } })

test('conforms to what every plugin must keep', () => testPlugin(Sequence))

test('a window has its own row and those before, oldest first', async () => {
  const ctx = await contextOf()
  const ref = { name: 'windows', config: { days: 2, keep: ['day'] } }
  const step = ctx.create('preprocessor', ref, { tokenizer: undefined })
  const rows = { feature_a: [1, 2, 3], feature_b: [10, 20, 30], labels: [0, 1, 1], day: [7, 8, 9] }
  const made = step.transform(tableOf(rows))
  expect(Object.keys(made.columns)).toEqual(['labels', 'day', 'days'])
  const { shape, data } = made.columns['days'] as NumberColumn
  expect(shape).toEqual([2, 2])
  expect([...data]).toEqual([1, 10, 2, 20, 2, 20, 3, 30])
  expect([...made.columns['day']!.data]).toEqual([8, 9])
  expect([...made.columns['labels']!.data]).toEqual([1, 1])
})

test('gives a state for each day, which learns as a whole', async () => {
  const ctx = await contextOf()
  const model = buildModule(createRandom(1), () =>
    ctx.create(
      'model',
      { name: 'day_by_day', config: { width: 4 } },
      { columns: columns([3, 2]), hasHead: true, create: (...args) => ctx.create(...args) },
    ),
  )
  const days = tf.randomNormal([5, 3, 2])
  const states = model.forward(
    { days },
    {
      training: false,
      random: createRandom(1),
      step: 0,
      scalars: {},
    },
  )['hidden_states']!
  expect(states.shape).toEqual([5, 3, 4])
  checkGradientFlow<TensorMap, TensorMap>(model, { days })
  disposeModule(model)
  tf.dispose([days, states])
})

test('without windows it says what is missing', async () => {
  const ctx = await contextOf()
  const env = { columns: {}, hasHead: true, create: ctx.create.bind(ctx) }
  expect(() => ctx.create('model', 'day_by_day', env)).toThrow("reads the column 'days'")
})
