// Runs the workspace's tests in the engine that is up, one run at a time.
import type { EngineApi, TestSelection } from '#protocol'
import { errorInfo } from '#sdk'
import type { EngineStore } from '../store/store.ts'
import { isTesting } from '../store/tests-slice.ts'

export interface TestRunnerParts {
  store: EngineStore
  /** The engine with the latest edits opened in it. Rejects with what keeps code from running. */
  ready(): Promise<EngineApi>
}

const STOPPED = { passed: 0, failed: 0, skipped: 0, durationMs: 0, isStopped: true }

export function createTestRunner({ store, ready }: TestRunnerParts) {
  let engine: EngineApi | undefined

  return {
    /** Runs the tests of a selection; without one, all. What refuses them is told in the store. */
    async test(selection: TestSelection = {}): Promise<void> {
      if (isTesting(store.getState().tests)) return
      store.beginTests(selection)
      try {
        const api = await ready()
        // Stop was pressed while the code was compiled.
        if (store.getState().tests.turn?.state === 'stopping') return store.endTests(STOPPED)
        engine = api
        // Its results, and that they were the last, come as events.
        await api.test(selection)
      } catch (error) {
        // A lost engine has ended them already, and said why.
        store.refuseTests(errorInfo(error))
      } finally {
        engine = undefined
      }
    },

    /** Gives up the test under way; those to come do not begin. */
    async stopTests(): Promise<void> {
      store.stopTests()
      // Without an answer the tests have ended anyway, with their engine.
      await engine?.stopTests().catch(() => undefined)
    },
  }
}
