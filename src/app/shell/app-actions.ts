// All actions there are, in the order in which the palette lists them.
import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { Action } from '../actions/action.ts'
import {
  checkpointAction,
  openCheckpointAction,
  resumeLastAction,
} from '../checkpoints/checkpoint-actions.ts'
import { showConfigAction } from '../config-form/form-actions.ts'
import { commandAction } from '../commands/command-actions.ts'
import { historyAction } from '../history/history-action.ts'
import { editorActions } from '../editor/index.ts'
import { galleryAction } from '../gallery/gallery-actions.ts'
import { helpAction, keysAction } from '../help/help-actions.ts'
import { newPluginAction } from '../new-plugin/new-plugin-action.ts'
import { goToFileAction } from '../palette/palette-store.ts'
import { chartActions, openChartActions } from '../panels/charts/chart-actions.ts'
import { openCharts } from '../panels/charts/open-charts.ts'
import { profilerActions } from '../panels/profiler/profiler-actions.ts'
import { runListActions } from '../runs/run-list-actions.ts'
import {
  activateAction,
  pauseAction,
  restartAction,
  resumeAction,
  runAction,
  runAgainAction,
  stepAction,
  stopAction,
} from '../session/run-actions.ts'
import { testActions } from '../session/test-actions.ts'
import { shareActions } from '../share/share-actions.ts'
import { shareAction } from '../share/share.ts'
import { spaceAction } from '../space/space-action.ts'
import { useIsUntrusted } from '../session/trust.ts'
import { arePluginsUp } from '../store/engine-slice.ts'
import { isActive } from '../store/run-slice.ts'
import { useEngineView } from '../store/store.ts'
import { useWorkspace, workspaceActions } from '../workspace/index.ts'
import { usePluginPanels } from './panel-registry.tsx'
import { fileActions, viewActions } from './view-actions.ts'

const controls: readonly Action[] = [
  pauseAction,
  resumeAction,
  stepAction,
  stopAction,
  checkpointAction,
  runAgainAction,
]

/** What can be done now comes first: to bring plugins up while they are down, to control a run while one is on. */
export function useAppActions(): readonly Action[] {
  const commands = useEngineView(({ engine }) => engine.commands)
  const areUp = useEngineView(({ engine }) => arePluginsUp(engine))
  const isRunning = useEngineView(({ run }) => isActive(run.current))
  const entry = useWorkspace((state) => state.entry)
  const entries = useWorkspace((state) => state.entries)
  const panels = usePluginPanels()
  const charts = useStore(openCharts, (state) => state.charts)
  const isUntrusted = useIsUntrusted()
  return useMemo(() => {
    const up = activateAction(isUntrusted)
    return [
      ...(areUp ? [] : [up]),
      ...(isRunning ? controls : []),
      runAction,
      resumeLastAction,
      openCheckpointAction,
      ...commands.map(commandAction),
      goToFileAction,
      newPluginAction,
      ...editorActions,
      showConfigAction,
      ...testActions,
      ...runListActions,
      ...openChartActions(charts),
      ...chartActions,
      ...profilerActions,
      ...viewActions(panels),
      shareAction,
      ...shareActions,
      historyAction,
      spaceAction,
      galleryAction,
      helpAction,
      keysAction,
      ...workspaceActions(entry, entries),
      ...(isRunning ? [] : controls),
      ...(areUp ? [up] : []),
      restartAction,
    ]
  }, [commands, areUp, isRunning, entry, entries, panels, charts, isUntrusted])
}

export function useFileActions(): readonly Action[] {
  const files = useWorkspace((state) => state.files)
  return useMemo(() => fileActions([...files.keys()].toSorted()), [files])
}
