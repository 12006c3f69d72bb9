// A value as the log has it when user code writes it to the console.
import * as tf from '@tensorflow/tfjs'
import { errorInfo } from '#sdk'
import { inWords } from './in-words.ts'

/** Longest text of one value. */
const MAX_LENGTH = 2000

/** A text as it is, plain data as JSON, an error as its message, all else in words. Never throws. */
export function printed(value: unknown): string {
  try {
    if (typeof value === 'string') return value
    if (value instanceof Error) return errorInfo(value).message
    if (value instanceof tf.Tensor || typeof value === 'function') return inWords(value)
    if (ArrayBuffer.isView(value) && 'length' in value)
      return JSON.stringify(Array.from(value as unknown as Iterable<number>).slice(0, 100))
    return shortened(JSON.stringify(value) ?? String(value))
  } catch {
    // It goes in a circle, holds a bigint, or fails when it is read.
    return inWordsOf(value)
  }
}

const shortened = (text: string): string =>
  text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text

function inWordsOf(value: unknown): string {
  try {
    return inWords(value)
  } catch {
    return typeof value
  }
}
