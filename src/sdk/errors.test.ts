// Anything that plugin code may throw becomes a plain record.
import { expect, test } from 'vitest'
import { EngineError, errorInfo, isEngineError } from './index.ts'

test('an EngineError keeps all its fields, its cause included', () => {
  const cause = new EngineError({ code: 'data.empty', message: 'no rows', hint: 'add some' })
  const error = new EngineError({ code: 'run.failed', message: 'ended', plugin: 'a', cause })
  expect(isEngineError(error)).toBe(true)
  expect(errorInfo(error)).toMatchObject({
    code: 'run.failed',
    message: 'ended',
    plugin: 'a',
    cause: { code: 'data.empty', message: 'no rows', hint: 'add some' },
  })
  expect(structuredClone(errorInfo(error))).toEqual(errorInfo(error))
})

test.each([
  [new TypeError('no such field'), 'TypeError: no such field'],
  ['just text', 'just text'],
  [undefined, 'undefined'],
  [Symbol('odd'), 'Symbol(odd)'],
  [Object.create(null), 'a value was thrown that cannot be written as text'],
])('%o is told as text', (thrown, message) => {
  expect(errorInfo(thrown, 'plugin.threw')).toEqual({ code: 'plugin.threw', message })
})

test('messages and chains of causes have an end', () => {
  expect(errorInfo('x'.repeat(20_000)).message).toHaveLength(10_000)
  const first = new EngineError({ code: 'run.failed', message: 'first' })
  const second = new EngineError({ code: 'run.failed', message: 'second', cause: first })
  first.cause = second
  expect(errorInfo(first)).toMatchObject({ cause: { message: 'second', cause: undefined } })
})
