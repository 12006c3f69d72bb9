// Ways to the form: its panel, and the setting at the editor's cursor.
import { ListTree } from 'lucide-react'
import { loadConfigForm, PROJECT_FILE } from '#workspace'
import type { Action } from '../actions/action.ts'
import { cursorPlace } from '../editor/index.ts'
import { showPanel } from '../shell/navigation.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { formState } from './form-state.ts'

/** Shows the setting at the cursor, where that is in the project file; else the form as it is. */
async function showAtCursor(): Promise<void> {
  showPanel('config')
  const { active, files } = workspaceStore.getState()
  const text = files.get(PROJECT_FILE)
  const cursor = cursorPlace()
  if (active !== PROJECT_FILE || typeof text !== 'string' || !cursor) return
  const { readConfig } = await loadConfigForm()
  const path = readConfig(text).pathAt(cursor)
  if (path.length > 0) formState.setState({ target: { path }, query: '' })
}

export const showConfigAction: Action = {
  id: 'config.at-cursor',
  title: 'Show setting in the config form',
  group: 'Config',
  hint: `the one at the cursor in ${PROJECT_FILE}`,
  icon: ListTree,
  keys: ['Mod+Shift+E'],
  run: () => void showAtCursor(),
}
