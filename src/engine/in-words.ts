// What a plugin gave in place of something else, in words for messages.
import * as tf from '@tensorflow/tfjs'
import { isThenable } from './thenable.ts'

/** `number`, `numbers`, `numbers and texts`, `undefined`. */
function kindsOf(values: readonly unknown[]): string {
  const ending = values.length === 1 ? '' : 's'
  // Gaps of an array as well.
  const kinds = Array.from(values, (each) => {
    if (each === undefined || each === null) return String(each)
    return (typeof each === 'string' ? 'text' : typeof each) + ending
  })
  return [...new Set(kinds)].join(' and ')
}

/** `an array of 3 numbers`, `a tensor of shape [2]`, `a promise`, `an object { a, b }`, `a Map`, `undefined`. */
export function inWords(value: unknown): string {
  if (value instanceof tf.Tensor) return `a tensor of shape [${value.shape.join(', ')}]`
  if (isThenable(value)) return 'a promise'
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty array' : `an array of ${value.length} ${kindsOf(value)}`
  if (ArrayBuffer.isView(value) && 'length' in value)
    return `${value.constructor.name} of ${String(value.length)} ${value.length === 1 ? 'number' : 'numbers'}`
  if (typeof value === 'function') return 'a function'
  if (value === undefined || value === null) return String(value)
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 100))}`
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value !== 'object') return `a ${typeof value}`
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (kind !== 'Object') return `a ${kind}`
  const keys = Object.keys(value)
  if (keys.length === 0) return 'an empty object'
  return `an object { ${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ', …' : ''} }`
}
