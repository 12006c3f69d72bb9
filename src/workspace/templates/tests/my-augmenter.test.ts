// Images of one dot each: where does it go?
import { createRandom, type Table } from 'plugboard'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MyAugmenter from '../plugins/my-augmenter.ts'

const SIDE = 7
const MIDDLE = 3 * SIDE + 3

function dots(count: number): Table {
  const data = new Uint8Array(count * SIDE * SIDE)
  for (let i = 0; i < count; i++) data[i * SIDE * SIDE + MIDDLE] = 255
  return {
    length: count,
    columns: { image: { type: 'number', data, shape: [SIDE, SIDE, 1], dtype: 'float32' } },
  }
}

async function augment(table: Table, training = true): Promise<Table> {
  const engine = await createTestEngine({ plugins: [MyAugmenter] })
  await engine.up()
  const { ctx } = engine.instance('my_augmenter')
  const augmenter = ctx.create('augmenter', { name: 'my_augmenter', config: { pixels: 2 } }, {})
  return augmenter.augment(table, {
    training,
    random: createRandom(1),
    epoch: 1,
    signal: ctx.signal,
  })
}

test('conforms to what every plugin must keep', () => testPlugin(MyAugmenter))

test('moves each image its own way, two pixels at most', async () => {
  const table = dots(100)
  const { columns } = await augment(table)
  expect(table).toEqual(dots(100))
  const places = new Set<string>()
  columns['image']!.data.forEach((value, i) => {
    if (value === 0) return
    const place = i % (SIDE * SIDE)
    places.add(`${(place % SIDE) - 3} ${Math.floor(place / SIDE) - 3}`)
  })
  const ways = [-2, -1, 0, 1, 2]
  expect(places).toEqual(new Set(ways.flatMap((x) => ways.map((y) => `${x} ${y}`))))
})

test('leaves rows that nobody trains on, and refuses those without images', async () => {
  const table = dots(2)
  expect(await augment(table, false)).toBe(table)
  const text: Table = { length: 1, columns: { text: { type: 'text', data: ['a'] } } }
  await expect(augment(text)).rejects.toThrow('there are text')
})
