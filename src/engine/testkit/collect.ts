// describe, test and their kin: what a test file says while it is evaluated.
import { MAX_NAME } from '#protocol'
import { EngineError } from '#sdk'

type Work = () => unknown
export type Mode = 'run' | 'only' | 'skip' | 'todo'

export interface Case {
  readonly name: string
  readonly mode: Mode
  readonly work: Work
  readonly limitMs: number | undefined
  /** Where it was written. */
  readonly at: Error
}

export interface Suite {
  readonly name: string
  readonly mode: Mode
  readonly children: (Case | Suite)[]
  readonly hooks: Record<HookPoint, Work[]>
}

export type HookPoint = 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll'

/** A name that fits into an event, whatever was given. */
const nameFrom = (given: unknown): string => String(given).slice(0, MAX_NAME)

const makeSuite = (name: string, mode: Mode): Suite => ({
  name: nameFrom(name),
  mode,
  children: [],
  hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] },
})

/** The suite that is described now. */
let open: Suite | undefined

function current(what: string): Suite {
  if (open) return open
  throw new EngineError({
    code: 'run.state',
    message: `${what}() was called while no test file is being read`,
    hint: 'describe tests at the top of a file tests/*.test.ts or inside of describe(), never later',
  })
}

/** What the evaluation of one file describes. */
export async function collect(evaluate: () => Promise<unknown>): Promise<Suite> {
  const file = makeSuite('', 'run')
  open = file
  try {
    await evaluate()
    return file
  } finally {
    open = undefined
  }
}

/** Groups tests: `work` describes them, at once and without waiting. */
export interface Describe {
  (name: string, work: () => void): void
}

/** A test. It passes when `work` throws nothing within `limitMs`, 5,000 without it. */
export interface Test {
  (name: string, work: () => unknown, limitMs?: number): void
}

const describeAs =
  (mode: Mode): Describe =>
  (name, work) => {
    const outer = current('describe')
    const suite = makeSuite(name, mode)
    outer.children.push(suite)
    open = suite
    try {
      const result: unknown = work()
      if (result instanceof Promise) throw asyncDescribe(name)
    } finally {
      open = outer
    }
  }

const asyncDescribe = (name: string): EngineError =>
  new EngineError({
    code: 'test.failed',
    message: `describe('${name}') is async, but tests are described without waiting`,
    hint: 'wait in beforeAll() or in the tests',
  })

const testAs =
  (mode: Mode): Test =>
  (name, work, limitMs) => {
    if (typeof work !== 'function') {
      throw new EngineError({
        code: 'test.failed',
        message: `test('${nameFrom(name)}') has no function, but ${typeof work}`,
        hint: 'pass a function after its name, or write test.todo() for a test that is still to be written',
      })
    }
    const described = { name: nameFrom(name), mode, work, limitMs, at: new Error('a test') }
    current('test').children.push(described)
  }

/** `only`: nothing else of the file runs. `skip`: it does not run. */
export const describe: Describe & { only: Describe; skip: Describe } = Object.assign(
  describeAs('run'),
  { only: describeAs('only'), skip: describeAs('skip') },
)

/** `only`: nothing else of the file runs. `skip`: it does not run. `todo`: still to be written. */
export const test: Test & { only: Test; skip: Test; todo(name: string): void } = Object.assign(
  testAs('run'),
  {
    only: testAs('only'),
    skip: testAs('skip'),
    todo: (name: string) => testAs('todo')(name, () => undefined),
  },
)
const hookAt =
  (point: HookPoint) =>
  (work: () => unknown): void =>
    void current(point).hooks[point].push(work)

/** Runs before the first test of its describe() or file. */
export const beforeAll = hookAt('beforeAll')
/** Runs before each test, outer ones first. */
export const beforeEach = hookAt('beforeEach')
/** Runs after each test, also one that failed, inner ones first. */
export const afterEach = hookAt('afterEach')
/** Runs after the last test of its describe() or file. */
export const afterAll = hookAt('afterAll')
