// plugboard test: results, failures at their lines, exit codes.
import { expect, test, vi } from 'vitest'
import { folderOf } from './folders.fixture.ts'
import { cli, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const GOOD = `import { createTestEngine, describe, expect, test } from 'plugboard/testing'
import Teller from '../plugins/teller.ts'

describe('teller', () => {
  test('comes up', async () => {
    const engine = await createTestEngine({
      plugins: [Teller],
      config: { plugins: { use: { teller: { config: { every: 1 } } } } },
    })
    await engine.up()
    expect(engine.state('teller')).toBe('running')
  })
  test.skip('later', () => {})
})
`
const BAD = `import { expect, test } from 'plugboard/testing'

test('sums', () => {
  expect(1 + 1).toBe(3)
})
`

const run = async (tests: Record<string, string>, ...options: string[]) =>
  cli(['test', await folderOf({ ...LINE, ...tests }), ...options])

test('passing tests end with code 0', async () => {
  const { code, out, err } = await run({ 'tests/teller.test.ts': GOOD })
  expect(err).toBe('')
  expect(out).toMatch(
    /^✓ tests\/teller\.test\.ts › teller › comes up \d+ ms\n- tests\/teller\.test\.ts › teller › later\n\n1 passed, 0 failed, 1 skipped in \d+\.\d s\n$/,
  )
  expect(code).toBe(0)
})

test('a failing test ends with code 1, and shows its line', async () => {
  const { code, out } = await run({ 'tests/sums.test.ts': BAD, 'tests/teller.test.ts': GOOD })
  expect(code).toBe(1)
  expect(out).toContain('✗ tests/sums.test.ts › sums')
  expect(out).toMatch(/tests\/sums\.test\.ts:4:\d+: error: AssertionError: expected 2 to be 3/)
  expect(out).toContain('  4 |   expect(1 + 1).toBe(3)\n')
  expect(out).toContain('1 passed, 1 failed, 1 skipped')
})

test('a failed comparison is shown line by line', async () => {
  const text = BAD.replace('expect(1 + 1).toBe(3)', 'expect([1, 2]).toEqual([1, 3])')
  const { out } = await run({ 'tests/sums.test.ts': text })
  expect(out).toContain('  - expected + received\n  - [1, 3]\n  + [1, 2]\n')
})

test('--filter runs the tests with that text in their name', async () => {
  const tests = { 'tests/sums.test.ts': BAD, 'tests/teller.test.ts': GOOD }
  const { code, out } = await run(tests, '--filter', 'teller › COMES')
  expect(out).toContain('✓ tests/teller.test.ts › teller › comes up')
  expect(out).toContain('1 passed, 0 failed, 0 skipped')
  expect(code).toBe(0)
  expect(await run(tests, '--filter', 'nowhere')).toMatchObject({
    code: 1,
    err: expect.stringContaining("has no test with 'nowhere' in its name"),
  })
})

test('Ctrl+C stops a test that hangs', async () => {
  const hangs = `import { test } from 'plugboard/testing'
test('ends', () => {})
test('hangs', () => new Promise(() => {}), 100_000)
`
  const control = new AbortController()
  const folder = await folderOf({ ...LINE, 'tests/hangs.test.ts': hangs })
  const { code, out } = await cli(['test', folder], {
    signal: control.signal,
    onText: (text) => text.includes('ends') && setTimeout(() => control.abort(), 50),
  })
  expect(out).toMatch(/1 passed, 0 failed, 0 skipped in \d+\.\d s, then stopped\n$/)
  expect(code).toBe(130)
})

test('machines get every event as a line', async () => {
  const { code, out } = await run({ 'tests/sums.test.ts': BAD }, '--json')
  expect(code).toBe(1)
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; data: object })
  expect(events.filter(({ type }) => type === 'test.result')).toMatchObject([
    { data: { names: ['sums'], state: 'failed', error: { source: { line: 4 } } } },
  ])
})

test('no tests, and tests that do not compile, are said', async () => {
  expect(await run({})).toMatchObject({ code: 1, err: expect.stringContaining('has no tests') })
  expect(await run({ 'tests/a.test.ts': 'const a = = 1\n' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('tests/a.test.ts:1:11: error: Expression expected.'),
  })
})
