// The session against an engine that answers from a script: opening, running, and starting over.
import { afterEach, expect, test, vi } from 'vitest'
import type { EngineApi, Project } from '#protocol'
import { type CommandInfo, EngineError, type ErrorInfo, type EventRecord } from '#sdk'
import type { Remote } from '../remote/index.ts'
import { type LostReason, SandboxLostError } from '../remote/lost.ts'
import { createEngineStore } from '../store/store.ts'
import { createSession, type WorkspaceSource } from './session.ts'

const device = {
  backend: 'cpu' as const,
  label: 'CPU',
  reason: 'asked for',
  isSoftware: true,
  features: [],
}
const report = { plugins: [], problems: [] }

interface Engine {
  remote: Remote
  calls: string[]
  opened: Project[]
  lose(reason: LostReason): void
  emit(events: EventRecord[]): void
  isDisposed: boolean
}

function engine(over: Partial<EngineApi> = {}): Engine {
  const calls: string[] = []
  const opened: Project[] = []
  let lost = (_reason: LostReason) => {}
  let listen = (_events: EventRecord[]) => {}
  const api: EngineApi = {
    boot: async () => device,
    open: async (project) => (opened.push(project), report),
    inspect: async () => ({ plugins: [], problems: [] }),
    activate: async () => report,
    transition: async () => {},
    renew: async () => {},
    profile: async () => {},
    call: async () => undefined,
    report: async () => report,
    startRun: async () => 'run-1',
    checkpoint: async () => null,
    predictForm: async () => null,
    predict: async () => ({ run: 'run-1', step: 0, results: [] }),
    takeCheckpoint: async () => {},
    exportModel: async () => [],
    describeModel: async () => {
      throw new Error('no model')
    },
    control: async () => {},
    tests: async () => [],
    test: async () => ({ passed: 0, failed: 0, skipped: 0, durationMs: 0, isStopped: false }),
    stopTests: async () => {},
    commands: async () => [],
    validateConfig: async () => [],
    yamlSchemas: async () => ({}),
    command: async () => undefined,
    artefact: async () => null,
    provideAsset: async () => {},
    ...over,
  }
  const logged = Object.fromEntries(
    Object.entries(api).map(([name, call]) => [
      name,
      (...args: never[]) => {
        calls.push(name)
        return (call as (...args: never[]) => unknown)(...args)
      },
    ]),
  ) as unknown as EngineApi
  const self: Engine = {
    calls,
    opened,
    isDisposed: false,
    lose: (reason) => lost(reason),
    emit: (events) => listen(events),
    remote: {
      api: logged,
      // The first call, as soon as there is an engine to hear it.
      get device() {
        return logged.boot({ device: 'auto' })
      },
      onEvents: (l) => ((listen = l), () => {}),
      onLost: (l) => ((lost = l), () => {}),
      dispose: () => void (self.isDisposed = true),
    },
  }
  return self
}

function setup(engines: Engine[], compile?: WorkspaceSource['compile']) {
  const store = createEngineStore()
  const replaced: LostReason['kind'][] = []
  const failures: ErrorInfo[] = []
  let id = 'w1'
  let text = 'first'
  let changed = () => {}
  const left = [...engines]
  const session = createSession({
    store,
    debounceMs: 5,
    devicePreference: () => 'auto',
    onFailure: (error) => failures.push(error),
    onReplaced: ({ kind }) => replaced.push(kind),
    connect: async () => {
      const next = left.shift()
      if (!next) throw new SandboxLostError({ kind: 'startup', message: 'no engine left' })
      return next.remote
    },
    workspace: {
      id: () => id,
      subscribe: (listen) => ((changed = listen), () => {}),
      compile:
        compile ??
        (async () => ({
          project: { config: text, modules: [], manifests: [], assets: [] },
          problems: [],
          isBroken: false,
        })),
    },
  })
  sessions.push(session)
  return {
    store,
    session,
    failures,
    replaced,
    edit: (next: string) => ((text = next), changed()),
    switchTo: (next: string) => ((id = next), changed()),
  }
}

const sessions: { dispose(): void }[] = []
afterEach(() => sessions.splice(0).forEach((session) => session.dispose()))

const hang: LostReason = { kind: 'hang', culprit: 'looper', message: 'looper did not answer' }

test('a device that is gone is replaced by a fresh engine with the workspace in it', async () => {
  const [first, second] = [engine(), engine()]
  const { session, store, replaced } = setup([first, second])
  session.begin()
  await vi.waitFor(() =>
    expect(first.calls).toEqual(['boot', 'open', 'tests', 'yamlSchemas', 'commands']),
  )
  const error = { code: 'device.lost', message: 'the device CPU was lost: unplugged' }
  first.emit([{ seq: 1, time: 1, type: 'device.lost', data: { error } }])
  expect(store.getState().engine.lost).toEqual({ kind: 'device', message: error.message })
  await vi.waitFor(() =>
    expect(second.calls).toEqual(['boot', 'open', 'tests', 'yamlSchemas', 'commands']),
  )
  expect(first.isDisposed).toBe(true)
  expect(store.getState().engine.status).toBe('ready')
  expect(store.getState().engine.lost?.kind).toBe('device')
  expect(replaced).toEqual(['device'])
})

test('a device that refused a command of a run is given up as well, one without room is kept', async () => {
  const [first, second] = [engine(), engine()]
  const { session, store, replaced } = setup([first, second])
  session.begin()
  await vi.waitFor(() => expect(first.calls).toContain('commands'))
  const ended = (code: string) => {
    const error = { code, message: 'a command' }
    const data = {
      id: 'r',
      state: 'ended',
      reason: 'failed',
      step: 3,
      epoch: 1,
      totalSteps: 9,
      error,
    }
    first.emit([{ seq: 1, time: 1, type: 'run.state', data }])
  }
  ended('device.memory')
  expect(first.isDisposed).toBe(false)
  ended('device.refused')
  expect(first.isDisposed).toBe(true)
  await vi.waitFor(() => expect(replaced).toEqual(['refused']))
  expect(store.getState().engine).toMatchObject({ status: 'ready', lost: { kind: 'refused' } })
})

test('boots, then opens the workspace without running any of it', async () => {
  const first = engine()
  const { session, store } = setup([first])
  session.begin()
  await vi.waitFor(() =>
    expect(first.calls).toEqual(['boot', 'open', 'tests', 'yamlSchemas', 'commands']),
  )
  expect(store.getState().engine).toMatchObject({ status: 'ready', device })
})

test('edits in a row are opened once, the last one', async () => {
  const first = engine()
  const { session, edit } = setup([first])
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  edit('a')
  edit('b')
  await vi.waitFor(() => expect(first.opened.map((p) => p.config)).toEqual(['first', 'b']))
})

test('Run opens an edit that is still waiting', async () => {
  const first = engine()
  const { session, edit } = setup([first])
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  edit('late')
  await session.run()
  expect(first.opened.at(-1)?.config).toBe('late')
  expect(first.calls.indexOf('startRun')).toBeGreaterThan(first.calls.lastIndexOf('open'))
})

test('broken code is neither opened nor run, and says where', async () => {
  const first = engine()
  const problem: ErrorInfo = {
    code: 'module.syntax',
    message: 'Unexpected }',
    source: { file: 'plugins/a.ts', line: 3, column: 1 },
  }
  const { session, store, failures } = setup([first], async () => ({
    project: { config: '', modules: [], manifests: [], assets: [] },
    problems: [problem],
    isBroken: true,
  }))
  session.begin()
  await vi.waitFor(() => expect(store.getState().engine.compileProblems).toEqual([problem]))
  await session.run()
  for (const call of ['open', 'startRun']) expect(first.calls).not.toContain(call)
  expect(failures[0]?.message).toContain('plugins/a.ts:3')
})

test('a lost engine is replaced, the reason stays until the next run, which works', async () => {
  const [first, second] = [engine(), engine()]
  const { session, store } = setup([first, second])
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  first.lose(hang)
  expect(first.isDisposed).toBe(true)
  await vi.waitFor(() => expect(store.getState().engine.status).toBe('ready'))
  expect(store.getState().engine.lost).toEqual(hang)
  await session.run()
  expect(second.calls).toContain('startRun')
  expect(store.getState().engine.lost).toBeUndefined()
})

test('a compiler that fails is a problem, and no reason to give the engine up', async () => {
  const first = engine()
  const { session, store } = setup([first], () => Promise.reject(new Error('no compiler')))
  session.begin()
  await vi.waitFor(() => expect(store.getState().engine.runtimeProblems).toHaveLength(1))
  expect(store.getState().engine).toMatchObject({ status: 'ready', lost: undefined })
})

test('an engine that never came up is not started again by itself', async () => {
  const refused = new EngineError({ code: 'device.unavailable', message: 'There is no WebGPU.' })
  const first = engine({ boot: () => Promise.reject(refused) })
  const { session, store } = setup([first, engine()])
  session.begin()
  await vi.waitFor(() => expect(store.getState().engine.status).toBe('lost'))
  expect(store.getState().engine.lost?.message).toContain('no WebGPU')
  await session.run()
  expect(store.getState().engine.status).toBe('ready')
})

test('tests run on the latest edits, and wait for an engine that comes up', async () => {
  const first = engine()
  const { session, store, edit } = setup([first])
  session.begin()
  edit('late')
  await session.test({ filter: 'a' })
  expect(first.opened.at(-1)?.config).toBe('late')
  expect(first.calls.indexOf('test')).toBeGreaterThan(first.calls.lastIndexOf('open'))
  expect(store.getState().tests.turn).toMatchObject({ state: 'running', problem: undefined })
})

test('tests that are refused say why where tests are shown, and nowhere else', async () => {
  const refused = new EngineError({ code: 'run.state', message: 'tests cannot run now' })
  const first = engine({ test: () => Promise.reject(refused) })
  const { session, store, failures } = setup([first])
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  await session.test()
  expect(store.getState().tests.turn).toMatchObject({
    state: 'ended',
    problem: { message: 'tests cannot run now' },
  })
  expect([failures, store.getState().engine.runtimeProblems]).toEqual([[], []])
})

test('a run is refused at once while tests run; stopped tests tell the engine', async () => {
  let end = () => {}
  const report = { passed: 0, failed: 0, skipped: 0, durationMs: 0, isStopped: true }
  const first = engine({
    test: () => new Promise((resolve) => (end = () => resolve(report))),
    stopTests: async () => end(),
  })
  const { session, store, failures } = setup([first])
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  const tests = session.test()
  await vi.waitFor(() => expect(first.calls).toContain('test'))
  await session.run()
  expect(failures).toMatchObject([
    { code: 'run.state', message: expect.stringMatching(/beside tests/) },
  ])
  expect(first.calls).not.toContain('startRun')
  await session.stopTests()
  await tests
  expect(store.getState().tests.turn?.state).toBe('stopping')
  first.emit([{ seq: 1, time: 1, type: 'tests.end', data: report }])
  expect(store.getState().tests.turn).toMatchObject({ state: 'ended', report })
})

test('another workspace gets an engine of its own and a clean view', async () => {
  const [first, second] = [engine(), engine()]
  const { session, store, switchTo } = setup([first, second])
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  first.emit([{ seq: 0, time: 0, type: 'my.event', data: null }])
  switchTo('w2')
  expect(store.getState().timeline.total).toBe(0)
  await vi.waitFor(() => expect(second.opened).toHaveLength(1))
  expect(first.isDisposed).toBe(true)
})

test('a refused run is a problem and a notice, and the next can start', async () => {
  const refused = new EngineError({
    code: 'config.invalid',
    message: 'No model.',
    hint: 'Add one.',
  })
  let tries = 0
  const first = engine({
    startRun: () => (tries++ === 0 ? Promise.reject(refused) : Promise.resolve('run-2')),
  })
  const { session, store, failures } = setup([first])
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  await session.run()
  expect(failures).toMatchObject([{ code: 'config.invalid', hint: 'Add one.' }])
  expect(store.getState().engine.runtimeProblems).toHaveLength(1)
  expect(store.getState().engine.isStarting).toBe(false)
  await session.run()
  expect(failures).toHaveLength(1)
})

const greet: CommandInfo = { name: 'greet', title: 'Greet', description: '', plugin: 'p', args: {} }

test('[K08] plugins can be brought up without a run; their commands are there until the engine goes', async () => {
  let isUp = false
  const first = engine({
    activate: async () => ((isUp = true), report),
    commands: async () => (isUp ? [greet] : []),
  })
  const { session, store, edit } = setup([first, engine()])
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  expect(store.getState().engine.commands).toEqual([])
  edit('late')
  await session.activate()
  expect(first.opened.at(-1)?.config).toBe('late')
  await vi.waitFor(() => expect(store.getState().engine.commands).toEqual([greet]))
  expect(first.calls).not.toContain('startRun')
  first.lose(hang)
  expect(store.getState().engine.commands).toEqual([])
})

test('[K08] what a command throws is a problem, arguments that do not fit are not', async () => {
  const errors = [
    new EngineError({ code: 'contribution.config', message: 'bad', issues: [] }),
    new EngineError({ code: 'plugin.threw', message: 'no' }),
  ]
  const first = engine({
    command: (name) => (name === 'good' ? Promise.resolve(4) : Promise.reject(errors.shift()!)),
  })
  const { session, store } = setup([first])
  await expect(session.command('good', {})).rejects.toThrow('not up')
  session.begin()
  await vi.waitFor(() => expect(first.opened).toHaveLength(1))
  expect(await session.command('good', {})).toBe(4)
  await expect(session.command('greet', {})).rejects.toThrow('bad')
  expect(store.getState().engine.runtimeProblems).toEqual([])
  await expect(session.command('greet', {})).rejects.toThrow('no')
  expect(store.getState().engine.runtimeProblems).toMatchObject([{ message: 'no' }])
})
