// Actions on the workspace's tests.
import { FlaskConical, RotateCcw, Square } from 'lucide-react'
import type { TestSelection } from '#protocol'
import type { Action } from '../actions/action.ts'
import { showPanel } from '../shell/navigation.ts'
import { isActive } from '../store/run-slice.ts'
import { engineStore } from '../store/store.ts'
import { failedPlaces, isTesting, type TestsSlice } from '../store/tests-slice.ts'
import { session } from './page-session.ts'

const group = 'Tests'
const tests = (): TestsSlice => engineStore.getState().tests

/** Beside a training run tests would be refused. */
const canRun = (): boolean =>
  tests().files.length > 0 && !isTesting(tests()) && !isActive(engineStore.getState().run.current)

function run(selection: TestSelection): void {
  showPanel('tests')
  void session.test(selection)
}

export const testActions: readonly Action[] = [
  {
    id: 'tests.run',
    title: 'Run all tests',
    group,
    icon: FlaskConical,
    hint: 'In the engine, beside the plugins that are up',
    isEnabled: canRun,
    run: () => run({}),
  },
  {
    id: 'tests.failed',
    title: 'Run failed tests',
    group,
    icon: RotateCcw,
    isEnabled: () => canRun() && failedPlaces(tests()).length > 0,
    run: () => run({ only: failedPlaces(tests()) }),
  },
  {
    id: 'tests.stop',
    title: 'Stop tests',
    group,
    icon: Square,
    isEnabled: () => isTesting(tests()),
    run: () => void session.stopTests(),
  },
]
