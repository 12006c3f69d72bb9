// First tests for plugins that have none.
import { expect, test } from 'vitest'
import type { PluginInfo } from '#protocol'
import { firstTest, untested } from './new-test.ts'

const plugin = (name: string, file?: string) =>
  ({ manifest: { name }, file }) as unknown as PluginInfo

test('plugins without a test file of their name can get one', () => {
  const text = 'export default class extends plugin({}) {}\n'
  const files = new Map([
    ['plugins/step-log.ts', text],
    ['plugins/tested.ts', text],
    ['plugins/named.ts', 'export const Named = 1\n'],
    ['plugins/2d/index.ts', text],
    ['tests/tested.test.ts', ''],
  ])
  const missing = untested(
    [
      plugin('step_log', 'plugins/step-log.ts'),
      plugin('tested', 'plugins/tested.ts'),
      plugin('named', 'plugins/named.ts'),
      plugin('flat', 'plugins/2d/index.ts'),
      plugin('builtin'),
    ],
    files,
  )
  expect(missing.map(({ path }) => path)).toEqual(['tests/step-log.test.ts', 'tests/2d.test.ts'])
  expect(firstTest(missing[0]!)).toBe(`import { test, testPlugin } from 'plugboard/testing'
import StepLog from '../plugins/step-log.ts'

test('conforms to what every plugin must keep', () => testPlugin(StepLog))
`)
  expect(firstTest(missing[1]!)).toContain("import Plugin from '../plugins/2d/index.ts'")
})
