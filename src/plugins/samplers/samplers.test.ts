// Samplers choose rows: how often, in which order, and by the seed alone.
import { createRandom, type NumberColumn, type PluginInstance, type Table } from 'plugboard'
import { expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import classBalanced from './class-balanced.ts'
import sequential from './sequential.ts'
import weighted from './weighted.ts'

const column = (values: number[], shape: number[] = []): NumberColumn => ({
  type: 'number',
  data: Float32Array.from(values),
  shape,
  dtype: 'float32',
})
const upTo = (length: number) => Array.from({ length }, (_, i) => i)
const countOf = (values: Iterable<number>, value: number) =>
  [...values].filter((each) => each === value).length

const orderOf = async <P extends PluginInstance>(
  plugin: new (init: never) => P,
  name: string,
  table: Table,
  config: unknown = {},
  seed = 0,
) => {
  const sampler = (await initialize(plugin)).create('sampler', name, config, {})
  return [...sampler.order(table, { random: createRandom(seed), epoch: 1 })]
}

test('sequential keeps the order', async () => {
  const table = { length: 4, columns: {} }
  expect(await orderOf(sequential, 'sequential', table)).toEqual([0, 1, 2, 3])
})

test('class_balanced gives each class its turn, and goes through all rows of one first', async () => {
  const labels = upTo(100).map((row) => (row < 90 ? 0 : row < 97 ? 1 : 2))
  const table = { length: 100, columns: { labels: column(labels) } }
  const order = await orderOf(classBalanced, 'class_balanced', table, { rows: 90 })
  const drawn = order.map((row) => labels[row]!)
  for (const label of [0, 1, 2]) expect(countOf(drawn, label)).toBe(30)
  // Any 3 in a row are of all classes.
  for (let i = 0; i < 90; i += 3) expect(new Set(drawn.slice(i, i + 3)).size).toBe(3)
  for (const row of [97, 98, 99]) expect(countOf(order, row)).toBe(10)
  const common = order.filter((row) => row < 90)
  expect(new Set(common).size).toBe(30)
  expect(await orderOf(classBalanced, 'class_balanced', table)).toHaveLength(100)
  expect(await orderOf(classBalanced, 'class_balanced', table, { rows: 90 })).toEqual(order)
  expect(await orderOf(classBalanced, 'class_balanced', table, { rows: 90 }, 1)).not.toEqual(order)
})

test('weighted draws rows by their weights, none of weight 0', async () => {
  const table = { length: 4, columns: { w: column([0, 1, 3, 0]) } }
  const order = await orderOf(weighted, 'weighted', table, { column: 'w', rows: 4000 })
  expect(countOf(order, 0) + countOf(order, 3)).toBe(0)
  expect(countOf(order, 2) / 4000).toBeCloseTo(0.75, 1)
})

test('what cannot be drawn from is refused', async () => {
  const bad = {
    length: 2,
    columns: { w: column([1, -1]), none: column([0, 0]), labels: column([1, 2, 3, 4], [2]) },
  }
  await expect(orderOf(weighted, 'weighted', bad, { column: 'w' })).rejects.toThrow(
    "weighted reads weights from 'w', but row 1 (the first is 0) has -1",
  )
  await expect(orderOf(weighted, 'weighted', bad, { column: 'none' })).rejects.toThrow(
    "weighted finds no weight above 0 in 'none' of 2 rows",
  )
  await expect(orderOf(classBalanced, 'class_balanced', bad)).rejects.toThrow(
    "class_balanced reads one class a row of 'labels', whose rows have the shape [2]",
  )
})
