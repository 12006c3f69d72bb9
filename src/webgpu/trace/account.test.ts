// What is told of work: the same object while nothing is new, else pieces and reasons as they are now.
import { expect, test } from 'vitest'
import { Account } from './account.ts'

const program = { launches: 2, pipelines: 2, arenaBytes: 0, packBytes: 0, uploadBytes: 4 }

function readTwice(account: Account): void {
  account.begin()
  account.brokenBy('read', 'values are read')
  account.piece({ kernels: 3, program })
  account.piece({ kernels: 2 })
}

test('work that runs as before is told by the same object', () => {
  const account = new Account()
  expect(account.report).toBeUndefined()
  readTwice(account)
  const first = account.report!
  expect(first.pieces).toEqual([{ kernels: 3, program }, { kernels: 2 }])
  expect(first.reasons[0]!.stack).toContain('readTwice')
  account.begin()
  account.reason(first.reasons[0]!)
  account.piece({ kernels: 3, program })
  account.piece({ kernels: 2 })
  expect(account.report).toBe(first)
})

test.each<[string, (account: Account) => void]>([
  ['another piece', (account) => account.piece({ kernels: 1 })],
  ['another reason', (account) => account.reason({ kind: 'refused', message: 'no' })],
])('%s is told by another object', (_, change) => {
  const account = new Account()
  readTwice(account)
  const first = account.report
  change(account)
  expect(account.report).not.toBe(first)
})

test('of many reasons the first are kept', () => {
  const account = new Account()
  account.begin()
  for (let i = 0; i < 100; i++) account.brokenBy('read', `read ${i}`)
  account.piece({ kernels: 1 })
  expect(account.report!.reasons).toHaveLength(20)
})
