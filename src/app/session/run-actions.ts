// Actions on the engine: run and its controls, plugins up, a fresh engine.
import { Pause, Play, Power, RotateCcw, RotateCw, Square, StepForward } from 'lucide-react'
import type { Action } from '../actions/action.ts'
import { isActive } from '../store/run-slice.ts'
import { engineStore } from '../store/store.ts'
import { canRun } from './can-run.ts'
import { session } from './page-session.ts'

const runState = () => engineStore.getState().run.current?.state

const group = 'Run'

export const runAction: Action = {
  id: 'run',
  title: 'Run',
  group,
  icon: Play,
  hint: 'Train with the files as they are',
  keys: ['Mod+Enter'],
  isEnabled: canRun,
  run: () => void session.run(),
}

export const pauseAction: Action = {
  id: 'run.pause',
  title: 'Pause',
  group,
  icon: Pause,
  isEnabled: () => runState() === 'running',
  run: () => void session.control('pause'),
}

export const resumeAction: Action = {
  id: 'run.resume',
  title: 'Resume',
  group,
  icon: Play,
  isEnabled: () => runState() === 'paused',
  run: () => void session.control('resume'),
}

export const stepAction: Action = {
  id: 'run.step',
  title: 'Single step',
  group,
  icon: StepForward,
  isEnabled: () => runState() === 'paused',
  run: () => void session.control('step'),
}

export const stopAction: Action = {
  id: 'run.stop',
  title: 'Stop',
  group,
  icon: Square,
  isEnabled: () => isActive(engineStore.getState().run.current),
  run: () => void session.control('stop'),
}

export const runAgainAction: Action = {
  id: 'run.again',
  title: 'Restart run',
  group,
  icon: RotateCcw,
  hint: 'Ends the run that is on, and trains from the beginning',
  isEnabled: () => isActive(engineStore.getState().run.current),
  run: () => void session.runAgain(),
}

export const restartAction: Action = {
  id: 'engine.restart',
  title: 'Restart engine',
  group: 'Engine',
  icon: RotateCw,
  run: () => void session.restart(),
}

/** Says what it means for a workspace from a link whose code did not run yet. */
export const activateAction = (isUntrusted: boolean): Action => ({
  id: 'plugins.activate',
  title: 'Bring plugins up',
  group: 'Plugins',
  icon: Power,
  hint: isUntrusted
    ? 'This workspace came from a link: its code runs from then on.'
    : 'Loads and starts them without a run; they bring their commands.',
  isEnabled: canRun,
  staysInPalette: true,
  run: () => void session.activate(),
})
