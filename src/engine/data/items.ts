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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Promise)

const isNumbers = (list: readonly unknown[]): boolean =>
  list.every((each) => typeof each === 'number')

function isItemValue(value: unknown): value is ItemValue {
  if (Array.isArray(value)) return isNumbers(value)
  return (
    typeof value === 'number' ||
    typeof value === 'string' ||
    (ArrayBuffer.isView(value) && 'length' in value)
  )
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return isNumbers(value) ? 'a list' : 'a list of more than numbers'
  if (value instanceof Promise) return 'a promise'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

/** Asks for every item once, in order. `subject` names where they come from. */
export function tableOfItems(items: Items, subject: string, beat: () => void): Table {
  const { length } = items
  if (!Number.isInteger(length) || length < 0)
    throw refuse(`${subject} has the length ${length}`, 'let `length` be the number of items')
  const values = new Map<string, ItemValue[]>()
  for (let index = 0; index < length; index++) {
    beat()
    const item: unknown = items.item(index)
    if (!isRecord(item))
      throw refuse(
        `item ${index} of ${subject} is ${kindOf(item)}`,
        'let `item` return an object of values by column, at once',
      )
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
    for (const [name, list] of values) {
      const value = item[name]
      if (!isItemValue(value))
        throw refuse(
          `${name} of ${subject} is ${kindOf(value)} in item ${index}`,
          'give a number, a text or a flat list of numbers; `shape` tells the form of a list',
        )
      list.push(value)
    }
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
