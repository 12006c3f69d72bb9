// Opens the history of the workspace.
import { History } from 'lucide-react'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'
import { workspaceStore } from '../workspace/workspace.ts'

export const historyDialog = createStore(() => ({ isOpen: false }))

export const historyAction: Action = {
  id: 'workspace.history',
  title: 'History: what changed when, and restore',
  group: 'Workspace',
  icon: History,
  isEnabled: () => workspaceStore.getState().entry !== null,
  run: () => historyDialog.setState({ isOpen: true }),
}
