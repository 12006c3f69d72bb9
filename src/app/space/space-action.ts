// Opens the view of what this browser stores for the page.
import { HardDrive } from 'lucide-react'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'

export const spaceDialog = createStore(() => ({ isOpen: false }))

export const spaceAction: Action = {
  id: 'workspace.space',
  title: 'Storage: what this browser keeps, and clean up',
  group: 'Workspace',
  icon: HardDrive,
  run: () => spaceDialog.setState({ isOpen: true }),
}
