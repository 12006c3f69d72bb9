// What is known of test files before anything of them runs.
import { expect, test } from 'vitest'
import { Workbench } from '../testing/workbench.ts'
import { readTests } from './read-tests.ts'

async function testsOf(text: string) {
  const bench = new Workbench()
  await bench.open({
    'plugins/a.ts': 'export const a = 1\n',
    'tests/helper.ts': 'export const b = 1\n',
    'tests/a.test.ts': text,
  })
  const files = await bench.engine.tests()
  expect(files.map(({ file }) => file)).toEqual(['tests/a.test.ts'])
  return files[0]!.tests.map(({ names, source }) => [names.join(' › '), source.line])
}

test('tests are listed by group and line, whatever they are called here', async () => {
  expect(
    await testsOf(`import { describe as group, it, test } from 'plugboard/testing'
test('first', () => { throw new Error('never runs') })

group('g', () => {
  it.only(\`second\`, () => {}, 50)
  group.skip('h', function () {
    if (true) { test.todo('third') }
  })
})
throw new Error('never runs')
`),
  ).toEqual([
    ['first', 2],
    ['g › second', 5],
    ['g › h › third', 7],
  ])
})

test('what only the running file knows is left out, and what is no test of ours', async () => {
  expect(
    await testsOf(`import { describe, test } from 'plugboard/testing'
const local = { test: (name: string) => name }
local.test('not a test')
for (const n of [1, 2]) test(\`case \${n}\`, () => {})
describe('g' + 1, () => { test('inside', () => {}) })
test('known', () => {})
`),
  ).toEqual([['known', 6]])
  expect(await testsOf(`const test = (name: string) => name\ntest('not ours')\n`)).toEqual([])
})

test('a file that cannot be read has no tests, until it is run', async () => {
  const file = 'tests/a.test.ts'
  expect(readTests({ path: file, code: 'const a = = 1', map: '' })).toEqual({ file, tests: [] })
})
