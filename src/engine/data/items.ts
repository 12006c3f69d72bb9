// Items given one by one, gathered into columns.
import {
  type Column,
  type ColumnSpec,
  EngineError,
  type Items,
  type ItemValue,
  rowSize,
  type Table,
} from '#sdk'

export function isItems(value: unknown): value is Items {
  return typeof value === 'object' && value !== null && 'length' in value && 'item' in value
}

/** Asks for every item once, in order. `subject` names where they come from. */
export function tableOfItems(items: Items, subject: string, beat: () => void): Table {
  const { length } = items
  if (!Number.isInteger(length) || length < 0)
    throw refuse(`${subject} has the length ${length}`, 'let `length` be the number of items')
  const values = new Map<string, ItemValue[]>()
  for (let index = 0; index < length; index++) {
    beat()
    const item = items.item(index)
    if (index === 0) for (const name of Object.keys(item)) values.set(name, [])
    const wrong = [...values.keys(), ...Object.keys(item)].find(
      (name) => !values.has(name) || item[name] === undefined,
    )
    if (wrong !== undefined) {
      const problem = values.has(wrong) ? 'has no' : 'has a'
      throw refuse(
        `item ${index} of ${subject} ${problem} ${wrong}, unlike item 0`,
        'give every item the same keys',
      )
    }
    for (const [name, list] of values) list.push(item[name]!)
  }
  const columns = [...values].map(
    ([name, list]) =>
      [name, columnOf(list, items.columns?.[name] ?? {}, `${name} of ${subject}`)] as const,
  )
  return { length, columns: Object.fromEntries(columns) }
}

function columnOf(
  values: readonly ItemValue[],
  spec: Partial<ColumnSpec>,
  subject: string,
): Column {
  const [first] = values
  const formOf = (value: ItemValue): string =>
    typeof value === 'string'
      ? 'a text'
      : typeof value === 'number'
        ? 'a number'
        : `${value.length} numbers`
  const odd = values.findIndex((value) => formOf(value) !== formOf(first!))
  if (odd > 0) {
    throw refuse(
      `${subject} is ${formOf(values[odd]!)} in item ${odd}, but ${formOf(first!)} in item 0`,
      'give all items values of the same form',
    )
  }
  if (typeof first === 'string') return { type: 'text', data: values as string[] }
  const natural = typeof first === 'number' ? [] : [first!.length]
  const { shape = natural, dtype = first instanceof Int32Array ? 'int32' : 'float32' } = spec
  const size = rowSize(shape)
  if (size !== rowSize(natural))
    throw refuse(
      `${subject} has ${rowSize(natural)} values, but its shape needs ${size}`,
      'mend the shape',
    )
  const data = new (dtype === 'int32' ? Int32Array : Float32Array)(values.length * size)
  values.forEach((value, i) =>
    data.set(typeof value === 'number' ? [value] : (value as number[]), i * size),
  )
  return { type: 'number', data, ...spec, shape, dtype }
}

const refuse = (message: string, hint: string): EngineError =>
  new EngineError({ code: 'data.invalid', message, hint })
