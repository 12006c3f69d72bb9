// Values around the mean of the rows that it was fitted on.
import type { Table } from 'plugboard'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyPreprocessor from '../plugins/my-preprocessor.ts'

const tableOf = (...values: number[]): Table => ({
  length: values.length,
  columns: {
    size: {
      type: 'number',
      data: Uint8Array.from(values),
      shape: [],
      dtype: 'float32',
      scale: 0.1,
    },
  },
})

async function createStep(column = 'size') {
  const engine = await createTestEngine({ plugins: [MyPreprocessor] })
  await engine.up()
  const { ctx } = engine.instance('my_preprocessor')
  const ref = { name: 'my_preprocessor', config: { column } }
  return ctx.create('preprocessor', ref, { tokenizer: undefined })
}

const valuesOf = ({ columns }: Table) => [...columns['size']!.data]

test('conforms to what every plugin must keep', () => testPlugin(MyPreprocessor))

test('splits at the mean of the training rows, whatever the other rows are', async () => {
  const step = await createStep()
  step.fit!(tableOf(10, 20, 60))
  const { columns } = step.transform(tableOf(10, 30, 31, 255))
  expect(columns['size']).toEqual({
    type: 'number',
    data: Uint8Array.of(0, 0, 1, 1),
    shape: [],
    dtype: 'float32',
  })
})

test('takes over what another one learned', async () => {
  const [fitted, loaded] = [await createStep(), await createStep()]
  fitted.fit!(tableOf(100, 200))
  loaded.load!(fitted.save!() as never)
  expect(valuesOf(loaded.transform(tableOf(149, 151)))).toEqual([0, 1])
})

test('names the columns there are when its own is missing', async () => {
  const step = await createStep('colour')
  expect(() => step.fit!(tableOf(1))).toThrow("'colour'; there are size")
})
