// Tests that a workspace brings along, run by the engine through its public door.
import { expect, test } from 'vitest'
import { Workbench } from '../testing/workbench.ts'
import { lineProject, linePlugin } from '../testing/line-plugin.ts'

const TALLY = `import { plugin } from 'plugboard'
let made = 0
export const count = () => made
export default class Tally extends plugin({ manifest: { name: 'tally', version: '1.0.0' } }) {
  initialize() { made++ }
  add(a: number, b: number) {
    if (a < 0) throw new RangeError('no negative numbers')
    return a + b
  }
}
`

const USES = `import { afterEach, beforeEach, createTestEngine, describe, expect, it, test } from 'plugboard/testing'
import Tally, { count } from '../plugins/tally.ts'

const log: string[] = []
beforeEach(() => { log.push('before') })
afterEach(() => { log.push('after') })

describe('tally', () => {
  beforeEach(() => { log.push('inner') })
  it('adds, in an engine of its own', async () => {
    const engine = await createTestEngine({ plugins: [Tally] })
    await engine.up()
    expect(engine.instance<Tally>('tally').add(2, 2)).toBe(4)
    expect(count()).toBe(1)
  })
  describe('deeper', () => {
    test('hooks run around each, outer ones first', () => {
      expect(log).toEqual(['before', 'inner', 'after', 'before', 'inner'])
    })
  })
  it.skip('later', () => { throw new Error('never') })
  it.todo('some day')
})
`

const open = async (files: Record<string, string>, config = ''): Promise<Workbench> => {
  const bench = new Workbench({ plugins: [linePlugin] })
  const report = await bench.open({ 'plugins/tally.ts': TALLY, ...files }, config)
  expect(report.problems).toEqual([])
  await bench.engine.boot({ device: 'cpu' })
  return bench
}

const outcomes = (bench: Workbench) =>
  bench.events('test.result').map(({ names, state }) => [names.join(' › '), state])

test('tests pass, are skipped and left to do, each told as an event; anew each time', async () => {
  const bench = await open({ 'tests/tally.test.ts': USES })
  const expected = [
    ['tally › adds, in an engine of its own', 'passed'],
    ['tally › deeper › hooks run around each, outer ones first', 'passed'],
    ['tally › later', 'skipped'],
    ['tally › some day', 'skipped'],
  ]
  const report = await bench.engine.test()
  expect(outcomes(bench)).toEqual(expected)
  expect(report).toMatchObject({ passed: 2, failed: 0, skipped: 2 })
  expect(bench.events('test.result')[0]).toMatchObject({ file: 'tests/tally.test.ts' })
  await bench.engine.test(['tests/tally.test.ts'])
  expect(outcomes(bench)).toEqual([...expected, ...expected])
  expect(bench.entered).toContain('tests/tally.test.ts · tally › adds, in an engine of its own')
  expect(bench.entered.at(-1)).toBe('')
})

test('the plugins that are up are another copy, and go on as they were', async () => {
  const bench = await open({ 'tests/tally.test.ts': USES })
  await bench.engine.activate()
  const before = bench.states('tally')
  await bench.engine.test()
  expect(bench.states('tally')).toEqual(before)
  expect(outcomes(bench)[0]).toEqual(['tally › adds, in an engine of its own', 'passed'])
})

test('failures lead to the line of the test, or of the plugin that it calls', async () => {
  const bench = await open({
    'tests/tally.test.ts': `import { createTestEngine, expect, test } from 'plugboard/testing'
import Tally from '../plugins/tally.ts'

test('sums', () => {
  expect({ sum: 2 + 2 }).toEqual({ sum: 5 })
})
test('negative', async () => {
  const engine = await createTestEngine({ plugins: [Tally] })
  await engine.up()
  engine.instance<Tally>('tally').add(-1, 2)
})
test('unknown', async () => {
  const engine = await createTestEngine({ plugins: [Tally], config: { plugins: { use: { talli: {} } } } })
  await engine.up()
})
`,
  })
  expect(await bench.engine.test()).toMatchObject({ passed: 0, failed: 3 })
  const errors = bench.events('test.result').map(({ error }) => error!)
  expect(errors[0]).toMatchObject({
    code: 'test.failed',
    message: 'AssertionError: expected { sum: 4 } to deeply equal { sum: 5 }',
    source: { file: 'tests/tally.test.ts', line: 5, column: 26 },
  })
  expect(errors[1]).toMatchObject({
    message: 'RangeError: no negative numbers',
    source: { file: 'plugins/tally.ts', line: 7 },
  })
  expect(errors[1]!.frames![1]).toMatchObject({ file: 'tests/tally.test.ts', line: 10 })
  expect(errors[2]).toMatchObject({
    message: expect.stringContaining('plugins.use names `talli`'),
    source: { file: 'tests/tally.test.ts' },
  })
})

test('what fails in the plugin code of a test engine is led back to its source', async () => {
  const bench = await open({
    'plugins/bad.ts': `import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'bad', version: '1.0.0' } }) {
  start() {
    throw new Error('cannot start')
  }
}`,
    'tests/bad.test.ts': `import { testPlugin, test } from 'plugboard/testing'
import { createTestEngine } from 'plugboard/testing'
import Bad from '../plugins/bad.ts'
test('starts', async () => { await (await createTestEngine({ plugins: [Bad] })).up() })
test('conforms', () => testPlugin(Bad))`,
  })
  await bench.engine.test()
  const [started, conforms] = bench.events('test.result').map(({ error }) => error!)
  expect(started).toMatchObject({
    message: 'Error: cannot start',
    source: { file: 'plugins/bad.ts', line: 4 },
  })
  expect(conforms!.message).toContain('- Error: cannot start')
})

test('a test that hangs fails after its limit, and the others run', async () => {
  const bench = await open({
    'tests/slow.test.ts': `import { test } from 'plugboard/testing'

test('hangs', () => new Promise(() => {}), 20)
test('ends', async () => { await Promise.resolve() })
`,
  })
  await bench.engine.test()
  expect(outcomes(bench)).toEqual([
    ['hangs', 'failed'],
    ['ends', 'passed'],
  ])
  expect(bench.events('test.result')[0]!.error).toMatchObject({
    code: 'test.timeout',
    message: 'hangs did not end within 20 ms',
    source: { file: 'tests/slow.test.ts', line: 3 },
  })
})

test('files that cannot be read fail by themselves: syntax, missing imports, a throw, no tests', async () => {
  const bench = await open({
    'tests/a.test.ts': `import { nothing } from '../plugins/tally.ts'\nnothing()`,
    'tests/b.test.ts': `import './helper.ts'\nimport { test } from 'plugboard/testing'\ntest('b', () => {})`,
    'tests/c.test.ts': `\nthrow new Error('at once')`,
    'tests/d.test.ts': `export {}`,
    'tests/e.test.ts': `import { describe, test } from 'plugboard/testing'
describe('waits', async () => { await null })`,
    'tests/f.test.ts': `import { beforeAll, test } from 'plugboard/testing'
beforeAll(() => { throw new Error('no set-up') })
test('f', () => {})`,
  })
  // A broken test keeps nobody from training.
  expect(await bench.engine.activate()).toMatchObject({ problems: [] })
  expect(bench.events('test.result')).toEqual([])
  expect(await bench.engine.test()).toMatchObject({ passed: 0, failed: 6, skipped: 1 })
  const failed = bench.events('test.result').filter(({ state }) => state === 'failed')
  expect(failed.map(({ names, error }) => [names, error!.code, error!.source])).toEqual([
    [[], 'module.missing', { file: 'tests/a.test.ts', line: 1, column: 10 }],
    [[], 'module.missing', { file: 'tests/b.test.ts', line: 1, column: 1 }],
    [[], 'plugin.threw', { file: 'tests/c.test.ts', line: 2, column: 7 }],
    [[], 'test.failed', { file: 'tests/d.test.ts', line: 1, column: 1 }],
    [[], 'test.failed', expect.anything()],
    [[], 'test.failed', { file: 'tests/f.test.ts', line: 2, column: 25 }],
  ])
  expect(failed[4]!.error!.message).toContain("describe('waits') is async")
})

test('only what is marked runs, also inside of a group', async () => {
  const bench = await open({
    'tests/only.test.ts': `import { describe, test } from 'plugboard/testing'
test('a', () => {})
describe('g', () => {
  test.only('b', () => {})
  test('c', () => {})
})
describe.only('h', () => {
  test('d', () => {})
  test.skip('e', () => {})
})`,
  })
  await bench.engine.test()
  expect(outcomes(bench).filter(([, state]) => state === 'passed')).toEqual([
    ['g › b', 'passed'],
    ['h › d', 'passed'],
  ])
})

test('a path that is no test file is refused, with the nearest', async () => {
  const bench = await open({ 'tests/tally.test.ts': USES })
  await expect(bench.engine.test(['tests/taly.test.ts'])).rejects.toMatchObject({
    code: 'module.missing',
    message: 'tests/taly.test.ts is no test file of the workspace',
    hint: expect.stringContaining('tests/tally.test.ts'),
  })
})

test('tests are refused while a run is active', async () => {
  const bench = await open({ 'tests/tally.test.ts': USES }, lineProject('{}', { epochs: 50 }))
  await bench.engine.startRun()
  await expect(bench.engine.test()).rejects.toMatchObject({ code: 'run.state' })
  await bench.engine.control('stop')
  await bench.ended()
  expect(await bench.engine.test()).toMatchObject({ passed: 2 })
})

test('names without end are cut to what the page takes', async () => {
  const bench = await open({
    'tests/long.test.ts': `import { describe, test } from 'plugboard/testing'
const nest = (depth: number): void =>
  depth === 0 ? test('n'.repeat(100_000), () => {}) : describe('group', () => nest(depth - 1))
nest(200)`,
  })
  expect(await bench.engine.test()).toMatchObject({ passed: 1, failed: 0 })
  const { names } = bench.events('test.result')[0]!
  expect([names.length, names.at(-1)!.length]).toEqual([100, 300])
  expect(Math.max(...bench.entered.map((label) => label.length))).toBe(300)
})
