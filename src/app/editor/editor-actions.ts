// What the editor can do with the text at its cursor, as actions: in the palette beside everything else.
import { Pencil } from 'lucide-react'
import type { Action } from '../actions/action.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { runInEditor } from './state.ts'

const named: readonly (readonly [id: string, title: string, keys?: string])[] = [
  ['actions.find', 'Find in file…', 'Mod+F'],
  ['editor.action.quickOutline', 'Go to symbol…', 'Mod+Shift+O'],
  ['editor.action.gotoLine', 'Go to line…', 'Mod+G'],
  ['editor.action.revealDefinition', 'Go to definition', 'F12'],
  ['editor.action.marker.next', 'Next problem in file', 'Alt+F8'],
  ['editor.action.formatDocument', 'Format file', 'Shift+Alt+F'],
  ['editor.action.rename', 'Rename symbol…', 'F2'],
  ['editor.action.quickFix', 'Quick fix…', 'Mod+.'],
  ['editor.action.quickCommand', 'All commands of the editor…'],
]

/** Their keys are Monaco's own, and work while the focus is in the text. */
export const editorActions: readonly Action[] = named.map(([id, title, keys]) => ({
  id,
  title,
  group: 'Editor',
  icon: Pencil,
  ...(keys === undefined ? {} : { keys: [keys] }),
  isEnabled: () => workspaceStore.getState().active !== null,
  run: () => runInEditor(id),
}))
