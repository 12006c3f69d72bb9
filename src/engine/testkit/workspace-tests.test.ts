// Tests that a workspace brings along, run by the engine through its public door.
import { expect, test } from 'vitest'
import type { TestSelection } from '#protocol'
import { Workbench } from '../testing/workbench.ts'
import { lineProject, linePlugin } from '../testing/line-plugin.ts'
import type { EventLog } from './event-log.ts'

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

const only = (file: string, ...names: string[]) => ({ only: [{ file, names }] })

const outcomes = (bench: Workbench) =>
  bench.events('test.result').map(({ names, state }) => [names.join(' › '), state])

test('an error that nobody catches fails the test that runs, and no other', async () => {
  const bench = await open({
    'tests/a.test.ts': `import { test } from 'plugboard/testing'
test('one', () => {})
test('two', () => { globalThis.__loose(new Error('nobody waited')) })
test('three', () => {})
`,
  })
  Object.assign(globalThis, { __loose: (error: unknown) => bench.engine.reportUncaught(error) })
  await bench.engine.test()
  expect(outcomes(bench)).toEqual([
    ['one', 'passed'],
    ['two', 'failed'],
    ['three', 'passed'],
  ])
  expect(bench.events('test.result')[1]!.error).toMatchObject({
    message: expect.stringContaining('nobody waited'),
    source: { file: 'tests/a.test.ts', line: 3 },
  })
  expect(bench.events('error.uncaught')).toEqual([])
  bench.engine.reportUncaught(new Error('later'))
  expect(bench.events('error.uncaught')).toHaveLength(1)
})

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
  await bench.engine.test(only('tests/tally.test.ts'))
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

test('one test, one group or all that a text is in run; of the others nothing is told', async () => {
  const bench = await open({
    'tests/a.test.ts': `import { beforeAll, describe, expect, test } from 'plugboard/testing'
const log: string[] = []
describe('sums', () => {
  beforeAll(() => { log.push('sums') })
  test('two', () => {})
  test('two and two', () => { expect(log).toEqual(['sums']) })
})
describe('products', () => {
  beforeAll(() => { log.push('products') })
  test.only('two', () => {})
  test.skip('three', () => {})
})
`,
    'tests/b.test.ts': `import { test } from 'plugboard/testing'\ntest('two', () => {})`,
  })
  const run = async (selection: TestSelection) => {
    const before = bench.events('test.result').length
    const { passed, failed, skipped } = await bench.engine.test(selection)
    return [outcomes(bench).slice(before).map(String), passed, failed, skipped]
  }
  const file = 'tests/a.test.ts'
  expect(await run(only(file, 'sums', 'two'))).toEqual([['sums › two,passed'], 1, 0, 0])
  expect(await run(only(file, 'sums'))).toEqual([
    ['sums › two,passed', 'sums › two and two,passed'],
    2,
    0,
    0,
  ])
  expect(await run(only(file, 'products'))).toEqual([
    ['products › two,passed', 'products › three,skipped'],
    1,
    0,
    1,
  ])
  expect(await run({ filter: 'TWO and' })).toEqual([['sums › two and two,passed'], 1, 0, 0])
  expect(await run({ ...only('tests/b.test.ts'), filter: 'sums › t' })).toEqual([[], 0, 0, 0])
  expect(await run({ filter: 'nothing of the kind' })).toEqual([[], 0, 0, 0])
})

test('each test says when it begins and where it is written; a failed comparison how it differs', async () => {
  const bench = await open({
    'tests/a.test.ts': `import { expect, test } from 'plugboard/testing'
test('a', () => {})
test('b', () => { expect({ a: [1, 2] }).toEqual({ a: [1, 3] }) })
`,
  })
  await bench.engine.test()
  const file = 'tests/a.test.ts'
  expect(bench.records.filter(({ type }) => /^tests?\./.test(type))).toMatchObject([
    { type: 'test.begin', data: { file, names: [] } },
    { type: 'test.begin', data: { file, names: ['a'] } },
    { type: 'test.result', data: { names: ['a'], source: { file, line: 2, column: 1 } } },
    { type: 'test.begin', data: { file, names: ['b'] } },
    {
      type: 'test.result',
      data: { source: { line: 3 }, difference: '  {\n-   a: [1, 3],\n+   a: [1, 2],\n  }' },
    },
    { type: 'tests.end', data: { passed: 1, failed: 1, skipped: 0, isStopped: false } },
  ])
})

test('stopped tests end at once: the one that hangs is given up, no other begins', async () => {
  const bench = await open({
    'tests/a.test.ts': `import { afterAll, afterEach, test } from 'plugboard/testing'
import { log } from './log.ts'
afterEach(() => { log.push('after') })
afterAll(() => { log.push('all') })
test('first', () => {})
test('hangs', () => new Promise(() => {}), 100_000)
test('never', () => { log.push('never') })
`,
    'tests/b.test.ts': `import { expect, test } from 'plugboard/testing'
test('b', () => {})`,
    'tests/log.ts': `export const log: string[] = (globalThis as { testLog?: string[] }).testLog ??= []`,
  })
  const tests = bench.engine.test()
  await bench.once('test.begin', ({ names }) => names[0] === 'hangs')
  await expect(bench.engine.startRun()).rejects.toMatchObject({
    code: 'run.state',
    message: 'a training run cannot start beside tests: they share its device',
  })
  await bench.engine.stopTests()
  expect(await tests).toMatchObject({ passed: 1, failed: 0, skipped: 0, isStopped: true })
  expect(Reflect.get(globalThis, 'testLog')).toEqual(['after'])
  // Nothing of it is left: tests run again, to their end.
  expect(await bench.engine.test(only('tests/b.test.ts'))).toMatchObject({
    passed: 1,
    isStopped: false,
  })
  await bench.engine.stopTests()
})

test('tests that never wait are stopped between two of them', async () => {
  const bench = await open({
    'tests/many.test.ts': `import { test } from 'plugboard/testing'
for (let n = 0; n < 1000; n++) test('case ' + n, () => {})`,
  })
  const tests = bench.engine.test()
  await bench.once('test.result')
  await bench.engine.stopTests()
  const { passed, isStopped } = await tests
  expect(isStopped).toBe(true)
  expect(passed).toBeLessThan(1000)
})

test('tests that wait for their turn are stopped before they begin', async () => {
  const bench = await open({ 'tests/tally.test.ts': USES })
  const both = Promise.all([bench.engine.test(), bench.engine.test()])
  await bench.engine.stopTests()
  expect((await both).map(({ isStopped }) => isStopped)).toEqual([true, true])
  expect(outcomes(bench)).toEqual([])
})

test('a training that a stopped test had begun ends with it', async () => {
  const bench = await open({
    'tests/train.test.ts': `import { createTestEngine, lineExperiment, test } from 'plugboard/testing'
test('trains for ever', async () => {
  const engine = await createTestEngine({ config: { experiment: lineExperiment({ training: { epochs: 1e6 } }) } })
  Reflect.set(globalThis, 'testEvents', engine.events)
  await engine.run()
}, 100_000)
`,
  })
  const tests = bench.engine.test()
  const trained = () => Reflect.get(globalThis, 'testEvents') as EventLog | undefined
  await expect.poll(() => trained()?.data('run.metrics').length).toBeGreaterThan(0)
  await bench.engine.stopTests()
  await tests
  await expect.poll(() => trained()!.data('run.state').at(-1)!.state).toBe('ended')
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
    'tests/g.test.ts': `import { test } from 'plugboard/testing'\ntest('g')`,
  })
  // A broken test keeps nobody from training.
  expect(await bench.engine.activate()).toMatchObject({ problems: [] })
  expect(bench.events('test.result')).toEqual([])
  expect(await bench.engine.test()).toMatchObject({ passed: 0, failed: 7, skipped: 1 })
  const failed = bench.events('test.result').filter(({ state }) => state === 'failed')
  expect(failed.map(({ names, error }) => [names, error!.code, error!.source])).toEqual([
    [[], 'module.missing', { file: 'tests/a.test.ts', line: 1, column: 10 }],
    [[], 'module.missing', { file: 'tests/b.test.ts', line: 1, column: 1 }],
    [[], 'plugin.threw', { file: 'tests/c.test.ts', line: 2, column: 7 }],
    [[], 'test.failed', { file: 'tests/d.test.ts', line: 1, column: 1 }],
    [[], 'test.failed', expect.anything()],
    [[], 'test.failed', { file: 'tests/f.test.ts', line: 2, column: 25 }],
    [[], 'test.failed', expect.objectContaining({ file: 'tests/g.test.ts', line: 2, column: 1 })],
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
  await expect(bench.engine.test(only('tests/taly.test.ts'))).rejects.toMatchObject({
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

test('[F12] log lines of plugins under test are those of the engine that runs the tests', async () => {
  const tests = `import { createTestEngine, expect, test } from 'plugboard/testing'
import { plugin } from 'plugboard'
class Teller extends plugin({ manifest: { name: 'teller', version: '1.0.0' } }) {
  start() { this.ctx.log.info('began', { at: 1 }); this.ctx.log.warn('odd') }
}
test('tells', async () => {
  const engine = await createTestEngine({ plugins: [Teller] })
  await engine.up()
  expect(engine.events.data('log')).toHaveLength(2)
})
`
  const bench = await open({ 'tests/teller.test.ts': tests })
  expect(await bench.engine.test()).toMatchObject({ passed: 1, failed: 0 })
  expect(bench.records.filter(({ type }) => type === 'log')).toMatchObject([
    { plugin: 'teller', data: { level: 'info', message: 'began', fields: { at: 1 } } },
    { plugin: 'teller', data: { level: 'warn', message: 'odd' } },
  ])
  const quiet = await open({ 'tests/teller.test.ts': tests }, 'logging: { level: warn }')
  expect(await quiet.engine.test()).toMatchObject({ passed: 1, failed: 0 })
  expect(quiet.events('log')).toMatchObject([{ message: 'odd' }])
})

test('a plugin that a plugin.yaml describes is tested as it is', async () => {
  const files = {
    'plugins/countdown/plugin.yaml': `name: countdown
version: 1.0.0
description: Counts down
category: callback
configuration: { from: { type: int, default: 3, min: 1 } }
`,
    'plugins/countdown/index.ts': `import { plugin } from 'plugboard'
export default class Countdown extends plugin({}) {
  from() { return this.config.from }
}
`,
    'plugins/other/plugin.yaml': 'name: other\nversion: 1.0.0\n',
    'plugins/other/index.ts': `import { plugin } from 'plugboard'
globalThis.__others = (globalThis.__others ?? 0) + 1
export default class extends plugin({}) {}
`,
    'tests/countdown.test.ts': `import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import { plugin } from 'plugboard'
import Countdown from '../plugins/countdown/index.ts'

const settings = (from) => ({ plugins: { use: { countdown: { config: { from } } } } })
test('has its settings', async () => {
  const engine = await createTestEngine({ plugins: [Countdown], config: settings(5) })
  await engine.up()
  expect(engine.instance('countdown')).toBeInstanceOf(Countdown)
  expect(await engine.call('countdown', 'from')).toBe(5)
})
test('refuses others', async () => {
  const engine = await createTestEngine({ plugins: [Countdown], config: settings(0) })
  await expect(engine.up()).rejects.toThrow('is 0')
})
test('conforms', () => testPlugin(Countdown))
test('one that is described nowhere', async () => {
  class Nameless extends plugin({}) {}
  await expect(createTestEngine({ plugins: [Nameless] })).rejects.toThrow('no plugin class with a manifest')
})
`,
  }
  const bench = await open(files)
  await bench.engine.test()
  expect(bench.events('test.result').map(({ names, error }) => [names[0], error])).toEqual([
    ['has its settings', undefined],
    ['refuses others', undefined],
    ['conforms', undefined],
    ['one that is described nowhere', undefined],
  ])
  expect(Reflect.get(globalThis, '__others')).toBeUndefined()
})
