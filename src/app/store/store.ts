// The page's view of the engine: one store, changed only by events, reports and the session.
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ErrorInfo, EventRecord } from '#sdk'
import {
  isEngineEvent,
  type ProjectReport,
  type TestFile,
  type TestReport,
  type TestSelection,
} from '#protocol'
import type { LostReason } from '../remote/index.ts'
import {
  abandonArtefacts,
  type ArtefactCopy,
  type ArtefactsSlice,
  reduceArtefacts,
  withCopy,
} from './artefacts-slice.ts'
import { type Bounded, emptyBounded } from './bounded.ts'
import { type EngineSlice, initialEngine, reduceEngine, withReport } from './engine-slice.ts'
import {
  addLine,
  ENGINE_LOST,
  type LogLine,
  type OwnLine,
  reduceLogs,
  reduceTimeline,
} from './feed-slices.ts'
import { abandonHistory, type HistorySlice, reduceHistory } from './history-slice.ts'
import { abandonPanels, type PanelsSlice, reducePanels } from './panels-slice.ts'
import {
  abandonProfile,
  initialProfile,
  type ProfileSlice,
  reduceProfile,
} from './profile-slice.ts'
import { abandonRun, afterEarlier, initialRun, reduceRun, type RunSlice } from './run-slice.ts'
import type { Series } from './series.ts'
import { loseTurn } from './test-blame.ts'
import {
  beginTurn,
  breakTurn,
  endTurn,
  initialTests,
  reduceTests,
  type TestsSlice,
  withTestFiles,
} from './tests-slice.ts'

export interface EngineView {
  readonly engine: EngineSlice
  readonly run: RunSlice
  readonly timeline: Bounded<EventRecord>
  readonly logs: Bounded<LogLine>
  readonly panels: PanelsSlice
  readonly history: HistorySlice
  readonly profile: ProfileSlice
  readonly tests: TestsSlice
  readonly artefacts: ArtefactsSlice
}

export const initialView: EngineView = {
  engine: initialEngine,
  run: initialRun,
  timeline: emptyBounded,
  logs: emptyBounded,
  panels: {},
  history: {},
  profile: initialProfile,
  tests: initialTests,
  artefacts: new Map(),
}

/** The view after a batch of events, in the order they came. Plugins' own events appear in the timeline only. */
export function applyEvents(view: EngineView, records: readonly EventRecord[]): EngineView {
  let { engine, run, panels, history, profile } = view
  for (const record of records) {
    if (!isEngineEvent(record)) continue
    engine = reduceEngine(engine, record)
    run = reduceRun(run, record)
    panels = reducePanels(panels, record)
    history = reduceHistory(history, record)
    profile = reduceProfile(profile, record)
  }
  return {
    engine,
    run,
    panels,
    history,
    profile,
    timeline: reduceTimeline(view.timeline, records),
    logs: reduceLogs(view.logs, records),
    tests: reduceTests(view.tests, records),
    artefacts: reduceArtefacts(view.artefacts, records),
  }
}

/** The view after the engine was lost: the run has ended, what panels showed stays readable. */
export function loseEngine(view: EngineView, lost: LostReason, time: number): EngineView {
  return {
    ...view,
    engine: { ...view.engine, status: 'lost', lost, device: undefined, commands: [] },
    run: abandonRun(view.run, 'failed', lost.message, time),
    panels: abandonPanels(view.panels),
    history: abandonHistory(view.history, time),
    profile: abandonProfile(view.profile),
    tests: loseTurn(view.tests, lost),
    artefacts: abandonArtefacts(view.artefacts),
    timeline: reduceTimeline(view.timeline, [
      { seq: -1, time, type: ENGINE_LOST, plugin: undefined, data: lost },
    ]),
  }
}

/** The view while a fresh engine comes up: a run of the one before has stopped. */
export function bootEngine(view: EngineView, time: number): EngineView {
  return {
    ...view,
    engine: { ...view.engine, status: 'booting', device: undefined, commands: [] },
    run: abandonRun(view.run, 'stopped', 'The engine was restarted.', time),
    panels: abandonPanels(view.panels),
    history: abandonHistory(view.history, time),
    profile: abandonProfile(view.profile),
    tests: breakTurn(view.tests, { code: 'test.failed', message: 'The engine was restarted.' }),
    artefacts: abandonArtefacts(view.artefacts),
  }
}

export type EngineStore = ReturnType<typeof createEngineStore>

export function createEngineStore() {
  const store = createStore<EngineView>(() => initialView)
  const setEngine = (change: Partial<EngineSlice>) =>
    store.setState(({ engine }) => ({ engine: { ...engine, ...change } }))
  const changeTests = (change: (tests: TestsSlice) => TestsSlice) =>
    store.setState(({ tests }) => ({ tests: change(tests) }))
  return {
    ...store,
    setEngine,
    receive: (records: readonly EventRecord[]) =>
      store.setState((view) => applyEvents(view, records)),
    setReport: (report: ProjectReport) =>
      store.setState(({ engine }) => ({ engine: withReport(engine, report) })),
    boot: () => store.setState((view) => bootEngine(view, Date.now())),
    lose: (lost: LostReason) => store.setState((view) => loseEngine(view, lost, Date.now())),
    /** A run is about to go on whose metrics were kept. */
    remember: (id: string, series: Readonly<Record<string, Series>>) =>
      store.setState(({ run }) => ({ run: { ...run, remembered: { id, series } } })),
    /** The workspace had so many runs before those of this page. */
    countEarlier: (count: number) =>
      store.setState(({ run }) => (count === 0 ? {} : { run: afterEarlier(run, count) })),
    /** So many runs were added that were made elsewhere. */
    countAdded: (count: number) =>
      store.setState(({ run }) => ({ run: { ...run, count: run.count + count } })),
    addProblem: (error: ErrorInfo) =>
      store.setState(({ engine }) => ({
        engine: { ...engine, runtimeProblems: [...engine.runtimeProblems, error] },
      })),
    /** The workspace was edited. */
    markEdited: () => changeTests((tests) => ({ ...tests, edit: tests.edit + 1 })),
    setTestFiles: (files: readonly TestFile[]) =>
      changeTests((tests) => withTestFiles(tests, files)),
    beginTests: (selection: TestSelection) => changeTests((tests) => beginTurn(tests, selection)),
    stopTests: () =>
      changeTests((tests) =>
        tests.turn?.state === 'running'
          ? { ...tests, turn: { ...tests.turn, state: 'stopping' } }
          : tests,
      ),
    endTests: (report: TestReport) => changeTests((tests) => endTurn(tests, report)),
    refuseTests: (error: ErrorInfo) => changeTests((tests) => breakTurn(tests, error)),
    keepArtefact: (name: string, copy: ArtefactCopy) =>
      store.setState(({ artefacts }) => ({ artefacts: withCopy(artefacts, name, copy) })),
    /** Adds a line of the page's own to the console. */
    addLog: (line: OwnLine) =>
      store.setState((view) => ({ logs: addLine(view.logs, line, Date.now()) })),
    clearLogs: () => store.setState({ logs: emptyBounded }),
    clearTimeline: () => store.setState({ timeline: emptyBounded }),
    /** Forgets everything: another workspace was opened. */
    reset: () => store.setState(initialView, true),
  }
}

/** The one store of the page. */
export const engineStore = createEngineStore()

/** What a component needs of the view; it renders again only when that changes. */
export function useEngineView<T>(select: (view: EngineView) => T): T {
  return useStore(engineStore, select)
}
