// What holds of every example workspace; what each one learns has a test file of its own.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { dataOf, examplesFolder, openWorkspace, readExample } from './run-workspace.ts'

const MINUTES = 60_000

const names = readdirSync(examplesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe.each(names)('the example %s', (name) => {
  test('says in its README what it is', async () => {
    expect((await readExample(name)).get('README.md')).toMatch(/^# .+\n\n[A-Z].+/)
  })

  test(
    'passes its own tests',
    async () => {
      const { engine, events } = await openWorkspace(await readExample(name), 'wasm')
      const { passed, skipped } = await engine.test()
      const results = dataOf(events, 'test.result')
      expect(results.filter(({ state }) => state === 'failed')).toEqual([])
      expect([passed, skipped]).toEqual([results.length, 0])
      expect(passed).toBeGreaterThan(1)
    },
    5 * MINUTES,
  )
})
