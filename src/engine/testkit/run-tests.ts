// Runs the test files of a workspace, one test after the other, and tells how each ended.
import { type EventData, MAX_NAME, type TestReport } from '#protocol'
import { EngineError, errorInfo, type SourceLocation } from '#sdk'
import { withLimit } from '../lifecycle/limit.ts'
import type { ModuleGraph, ModulePlan } from '../modules/index.ts'
import { type Case, collect, type HookPoint, type Suite } from './collect.ts'

/** Longest time for a test, or a hook around tests, that sets no limit of its own. */
const LIMIT_MS = 5000

/** Most names of a result: a test and the groups right around it. */
const MAX_NAMES = 100

type Result = EventData<'test.result'>

export interface RunTestsOptions {
  readonly modules: ModuleGraph
  readonly plan: ModulePlan
  /** Test files, in order. */
  readonly paths: readonly string[]
  /** Says what runs next, for a watchdog. */
  enter(label: string): void
  onResult(result: Result): void
}

/** Never rejects for what is in the files: whatever is wrong there is a failed result. */
export async function runTests(options: RunTestsOptions): Promise<TestReport> {
  const report = { passed: 0, failed: 0, skipped: 0, durationMs: 0 }
  const startedMs = performance.now()
  for (const path of options.paths) {
    const file = new FileRun(path, options, (result) => {
      report[result.state]++
      options.onResult(result)
    })
    await file.run()
  }
  return { ...report, durationMs: performance.now() - startedMs }
}

class FileRun {
  readonly #path: string
  readonly #options: RunTestsOptions
  readonly #tell: (result: Result) => void
  /** Whether a test or group of the file is marked as the only one. */
  #isNarrowed = false

  constructor(path: string, options: RunTestsOptions, tell: (result: Result) => void) {
    this.#path = path
    this.#options = options
    this.#tell = tell
  }

  async run(): Promise<void> {
    const { modules, plan } = this.#options
    const startedMs = performance.now()
    const load = (): Promise<unknown> => modules.load(plan, this.#path)
    try {
      const broken = problemOf(plan, this.#path)
      if (broken) throw broken
      this.#enter('load')
      const suite = await collect(() =>
        withLimit(load, LIMIT_MS, () => this.#late('load', LIMIT_MS)),
      )
      this.#isNarrowed = isNarrowed(suite)
      if (suite.children.length === 0) throw noTests(this.#path)
      await this.#suite(suite, { names: [], around: [], isWanted: !this.#isNarrowed })
    } catch (thrown) {
      this.#fail([], thrown, performance.now() - startedMs)
    }
  }

  async #suite(suite: Suite, { names, around, isWanted }: Place): Promise<void> {
    const place: Place = {
      names: suite.name === '' ? names : [...names, suite.name],
      around: [...around, suite],
      isWanted: (isWanted && suite.mode !== 'skip') || suite.mode === 'only',
    }
    // Only those that will run: the set-up of tests that are all left out is not worth its time.
    const isRun = suite.mode !== 'skip' && hasWanted(suite, place.isWanted)
    const failure = isRun ? await this.#hooks([suite], 'beforeAll', place.names) : undefined
    if (failure) this.#fail(place.names, failure.error, 0)
    for (const child of suite.children) {
      if ('children' in child)
        await this.#suite(child, { ...place, isWanted: place.isWanted && !failure })
      else await this.#test(child, { ...place, isWanted: place.isWanted && !failure })
    }
    const after = isRun ? await this.#hooks([suite], 'afterAll', place.names) : undefined
    if (after) this.#fail(place.names, after.error, 0)
  }

  async #test({ name, mode, work, limitMs = LIMIT_MS, at }: Case, place: Place): Promise<void> {
    const names = [...place.names, name].slice(-MAX_NAMES)
    const isRun = mode === 'only' || (mode === 'run' && place.isWanted)
    if (!isRun) return this.#tell({ file: this.#path, names, state: 'skipped', durationMs: 0 })
    const startedMs = performance.now()
    let failure = await this.#hooks(place.around, 'beforeEach', names)
    failure ??= await this.#attempt(work, names, limitMs, at)
    const after = await this.#hooks(place.around.toReversed(), 'afterEach', names)
    failure ??= after
    const durationMs = performance.now() - startedMs
    if (failure) this.#fail(names, failure.error, durationMs, at)
    else this.#tell({ file: this.#path, names, state: 'passed', durationMs })
  }

  /** Runs the hooks of `suites`, until one fails. */
  async #hooks(
    suites: readonly Suite[],
    point: HookPoint,
    names: readonly string[],
  ): Promise<Failed | undefined> {
    for (const work of suites.flatMap(({ hooks }) => hooks[point])) {
      const failure = await this.#attempt(work, [...names, point], LIMIT_MS)
      if (failure) return failure
    }
    return undefined
  }

  async #attempt(
    work: () => unknown,
    names: readonly string[],
    limitMs: number,
    at?: Error,
  ): Promise<Failed | undefined> {
    const name = names.join(' › ')
    this.#enter(name)
    try {
      await withLimit(work, limitMs, () => this.#late(name, limitMs, at))
      return undefined
    } catch (error) {
      return { error }
    }
  }

  #enter(name: string): void {
    this.#options.enter(`${this.#path} · ${name}`.slice(0, MAX_NAME))
  }

  #late(name: string, limitMs: number, at?: Error): EngineError {
    return new EngineError({
      code: 'test.timeout',
      message: `${name} did not end within ${limitMs} ms`,
      source: this.#placeOf(at),
      hint: 'see what it waits for, or give the test a limit of its own after its function, in ms',
    })
  }

  /** Where a test was written. */
  #placeOf(at: Error | undefined): SourceLocation {
    const located = at && this.#options.modules.locate(at, { code: 'test.failed' })
    return located?.source ?? { file: this.#path, line: 1, column: 1 }
  }

  #fail(names: readonly string[], thrown: unknown, durationMs: number, at?: Error): void {
    const error = this.#options.modules.locate(thrown, { code: 'test.failed' })
    error.source ??= this.#placeOf(at)
    const result = { file: this.#path, names: names.slice(-MAX_NAMES), durationMs }
    this.#tell({ ...result, state: 'failed', error: errorInfo(error) })
  }
}

interface Place {
  readonly names: readonly string[]
  /** The suites around it, outermost first. */
  readonly around: readonly Suite[]
  readonly isWanted: boolean
}

interface Failed {
  readonly error: unknown
}

const isNarrowed = ({ children }: Suite): boolean =>
  children.some((child) => child.mode === 'only' || ('children' in child && isNarrowed(child)))

const hasWanted = ({ children }: Suite, isWanted: boolean): boolean =>
  children.some((child) => {
    if (child.mode === 'only') return true
    if ('children' in child) return child.mode !== 'skip' && hasWanted(child, isWanted)
    return child.mode === 'run' && isWanted
  })

/** What keeps a test file from loading: its own problem, or that of a file it imports. */
function problemOf(plan: ModulePlan, path: string): EngineError | undefined {
  if (plan.canLoad(path)) return undefined
  const files = new Set([path, ...plan.importsOf(path)])
  return plan.problems.find(({ source }) => source !== undefined && files.has(source.file))
}

function noTests(path: string): EngineError {
  return new EngineError({
    code: 'test.failed',
    message: `${path} has no tests`,
    source: { file: path, line: 1, column: 1 },
    hint: "write `test('…', () => { … })`, with test and expect from 'plugboard/testing'",
  })
}
