// Runs the test files of a workspace, one test after the other, and tells how each ended.
import { type EventData, MAX_NAME, type TestReport } from '#protocol'
import { EngineError, errorInfo, type SourceLocation } from '#sdk'
import { withLimit } from '../lifecycle/limit.ts'
import type { ModuleGraph, ModulePlan } from '../modules/index.ts'
import { type Case, collect, type HookPoint, type Suite } from './collect.ts'
import { differenceOf } from './diff.ts'
import { hasWanted, isNarrowed, namesIn, selected, type Selects } from './select.ts'

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
  /** Which of their tests are meant. */
  readonly selects: Selects
  /** Once it is aborted, what runs is given up and nothing more of the files begins. */
  readonly signal: AbortSignal
  /** What was thrown in this thread, also in promises, with nobody to catch it, as it comes. */
  readonly uncaught: unknown[]
  /** Says what runs next, for a watchdog. */
  enter(label: string): void
  /** Lets messages in: between two tests, so that the wish to stop is heard. */
  breathe(): Promise<void>
  onBegin(test: EventData<'test.begin'>): void
  onResult(result: Result): void
}

/** Never rejects for what is in the files: whatever is wrong there is a failed result. */
export async function runTests(options: RunTestsOptions): Promise<TestReport> {
  const { paths, signal, onResult } = options
  const report = { passed: 0, failed: 0, skipped: 0 }
  const startedMs = performance.now()
  // One for all files: each listener would stay until the end.
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the tests were stopped')))
  })
  // Nobody may be waiting when it happens.
  stopped.catch(() => undefined)
  for (const path of paths) {
    const file = new FileRun(path, options, stopped, (result) => {
      if (signal.aborted) return
      report[result.state]++
      onResult(result)
    })
    await file.run()
  }
  return { ...report, durationMs: performance.now() - startedMs, isStopped: signal.aborted }
}

class FileRun {
  readonly #path: string
  readonly #options: RunTestsOptions
  readonly #tell: (result: Result) => void
  /** Rejects when the tests are stopped. */
  readonly #stopped: Promise<never>
  /** Whether a test or group of the file is marked as the only one. */
  #isNarrowed = false

  constructor(
    path: string,
    options: RunTestsOptions,
    stopped: Promise<never>,
    tell: (result: Result) => void,
  ) {
    this.#path = path
    this.#options = options
    this.#stopped = stopped
    this.#tell = tell
  }

  async run(): Promise<void> {
    const { modules, plan, selects, signal, onBegin } = this.#options
    if (signal.aborted) return
    const startedMs = performance.now()
    const load = (): Promise<unknown> => this.#orStopped(modules.load(plan, this.#path))
    try {
      const broken = problemOf(plan, this.#path)
      if (broken) throw broken
      onBegin({ file: this.#path, names: [] })
      this.#enter('load')
      const all = await collect(() => withLimit(load, LIMIT_MS, () => this.#late('load', LIMIT_MS)))
      if (all.children.length === 0) throw noTests(this.#path)
      const suite = selected(all, (names) => selects({ file: this.#path, names: clipped(names) }))
      // Of those selected: a test that is asked for by name runs, whatever else is marked.
      this.#isNarrowed = isNarrowed(suite)
      await this.#suite(suite, { names: [], around: [], isWanted: !this.#isNarrowed })
    } catch (thrown) {
      this.#fail([], thrown, performance.now() - startedMs)
    }
  }

  async #suite(suite: Suite, { names, around, isWanted }: Place): Promise<void> {
    const place: Place = {
      names: namesIn(suite, names),
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
    const names = clipped([...place.names, name])
    const test = { file: this.#path, names, source: this.#placeOf(at) }
    const isRun = mode === 'only' || (mode === 'run' && place.isWanted)
    if (!isRun) return this.#tell({ ...test, state: 'skipped', durationMs: 0 })
    await this.#options.breathe()
    if (this.#options.signal.aborted) return
    this.#options.onBegin({ file: this.#path, names })
    const startedMs = performance.now()
    let failure = await this.#hooks(place.around, 'beforeEach', names)
    failure ??= await this.#attempt(work, names, limitMs, at)
    const after = await this.#hooks(place.around.toReversed(), 'afterEach', names)
    failure ??= after
    const durationMs = performance.now() - startedMs
    if (failure) this.#fail(names, failure.error, durationMs, at)
    else this.#tell({ ...test, state: 'passed', durationMs })
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
    if (this.#options.signal.aborted) return undefined
    const name = names.join(' › ')
    this.#enter(name)
    try {
      await withLimit(
        () => this.#orStopped(work()),
        limitMs,
        () => this.#late(name, limitMs, at),
      )
      return await this.#loose()
    } catch (error) {
      await this.#loose()
      return { error }
    }
  }

  /** The first error since the last call that nobody caught. */
  async #loose(): Promise<Failed | undefined> {
    // A turn of the event loop: that nobody waits for a promise is found when all else is done.
    await new Promise<void>((resolve) => void setTimeout(resolve, 0))
    const [first] = this.#options.uncaught.splice(0).map((error) => ({ error }))
    return first
  }

  #orStopped<T>(work: T | Promise<T>): Promise<T> {
    return Promise.race([work, this.#stopped])
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
    const source = this.#placeOf(at)
    error.source ??= source
    this.#tell({
      file: this.#path,
      names: clipped(names),
      state: 'failed',
      durationMs,
      source,
      error: errorInfo(error),
      difference: differenceOf(thrown),
    })
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

const clipped = (names: readonly string[]): string[] => names.slice(-MAX_NAMES)

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
