// Actions on kept runs, for palette and panel. What they do is fetched when they are used.
import {
  Columns2,
  Eye,
  EyeOff,
  FileDown,
  FileUp,
  RotateCcw,
  ScatterChart,
  Trash2,
} from 'lucide-react'
import type { Action } from '../actions/action.ts'
import { canRunInstead } from '../session/can-run.ts'
import { showPanel } from '../shell/navigation.ts'
import { runsStore } from './runs-store.ts'
import { type Mode, runsView } from './runs-view.ts'
import { hideRuns, showRuns } from './shown-runs.ts'

const group = 'Runs'
const commands = () => import('./commands.ts')

const hasRuns = (): boolean => runsStore.getState().entries.length > 0

/** Ids of the selected runs that are there, newest first. */
function selectedIds(): string[] {
  const { selected } = runsView.getState()
  return runsStore
    .getState()
    .entries.filter(({ id }) => selected.has(id))
    .map(({ id }) => id)
}

const hasSelected = (): boolean => selectedIds().length > 0

/** Selected runs, or all where none is. */
const selectedOrAll = (): string[] => {
  const selected = selectedIds()
  return selected.length > 0 ? selected : runsStore.getState().entries.map(({ id }) => id)
}

const look = (mode: Mode) => (): void => {
  runsView.setState({ mode })
  showPanel('runs')
}

const compareAction: Action = {
  id: 'runs.compare',
  title: 'Compare runs',
  group,
  icon: Columns2,
  hint: 'What differs in their configs, and what came of it',
  isEnabled: hasRuns,
  run: look('compare'),
}

export const showAction: Action = {
  id: 'runs.show',
  title: 'Show selected runs in charts',
  group,
  icon: Eye,
  isEnabled: hasSelected,
  run: () => showRuns(selectedIds()),
}

export const hideAction: Action = {
  id: 'runs.hide',
  title: 'Hide selected runs from charts',
  group,
  icon: EyeOff,
  isEnabled: hasSelected,
  run: () => hideRuns(selectedIds()),
}

export const deleteAction: Action = {
  id: 'runs.delete',
  title: 'Delete selected runs',
  group,
  icon: Trash2,
  isEnabled: hasSelected,
  run: () => void commands().then((it) => it.deleteRuns(selectedIds())),
}

export const restartFromAction: Action = {
  id: 'runs.restart',
  title: "Run again with the selected run's config",
  group,
  icon: RotateCcw,
  hint: 'Puts its project file into the workspace, and trains',
  isEnabled: () => selectedIds().length === 1 && canRunInstead(),
  run: () => void commands().then((it) => it.restartFrom(selectedIds()[0]!)),
}

export const importAction: Action = {
  id: 'runs.import',
  title: 'Import runs',
  group,
  icon: FileUp,
  hint: 'From a file that “Export runs as JSON” made',
  run: () => void commands().then((it) => it.chooseImport()),
}

const FORMATS = [
  { format: 'mlflow', name: 'for MLflow', hint: 'mlruns.zip: unpack it, then mlflow ui' },
  { format: 'metrics', name: 'metrics as CSV', hint: 'A line for each point of each metric' },
  { format: 'json', name: 'as JSON', hint: 'All of them, to be imported elsewhere' },
] as const

/** The selected runs, or all where none is. */
export const exportActions: readonly Action[] = FORMATS.map(({ format, name, hint }) => ({
  id: `runs.export.${format}`,
  title: `Export runs ${name}`,
  group,
  icon: FileDown,
  hint,
  isEnabled: hasRuns,
  run: () => void commands().then((it) => it.exportRuns(format, selectedOrAll())),
}))

export const runListActions: readonly Action[] = [
  compareAction,
  {
    id: 'runs.plots',
    title: 'Plot config against results',
    group,
    icon: ScatterChart,
    isEnabled: hasRuns,
    run: look('plots'),
  },
  showAction,
  hideAction,
  restartFromAction,
  deleteAction,
  ...exportActions,
  importAction,
]
