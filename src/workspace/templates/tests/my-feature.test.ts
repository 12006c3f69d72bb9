// Two images of two rows and three columns.
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyFeature from '../plugins/my-feature.ts'

async function createFeature(column: string) {
  const engine = await createTestEngine({ plugins: [MyFeature] })
  await engine.up()
  const { ctx } = engine.instance('my_feature')
  return ctx.create('feature', { name: 'my_feature', config: { column } }, {})
}

const photo = {
  type: 'number' as const,
  data: Uint8Array.of(2, 4, 6, 0, 0, 0, 0, 2, 0, 0, 2, 0),
  shape: [2, 3, 1],
  dtype: 'float32' as const,
  scale: 0.5,
}

test('conforms to what every plugin must keep', () => testPlugin(MyFeature))

test('adds the means of rows and columns to what is there', async () => {
  const feature = await createFeature('photo')
  const { columns, length } = await feature.extract({ length: 2, columns: { photo } })
  expect(length).toBe(2)
  expect(columns['photo']).toBe(photo)
  expect(columns['my_feature']).toMatchObject({ shape: [5], dtype: 'float32' })
  const values = [...columns['my_feature']!.data].map((value) => Math.fround(Number(value)))
  const third = Math.fround(1 / 3)
  expect(values).toEqual([2, 0, 0.5, 1, 1.5, third, third, 0, 1, 0])
})

test('names the columns there are when its own is missing', async () => {
  const feature = await createFeature('image')
  expect(() => feature.extract({ length: 2, columns: { photo } })).toThrow('there are photo')
})
