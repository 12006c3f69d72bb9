// Undo and redo of a file from outside of the text: the same steps that the editor takes.
import { loadEditor } from './load.ts'

export async function undoIn(path: string): Promise<void> {
  const { workspaceModel } = await loadEditor()
  await workspaceModel(path)?.undo()
}

export async function redoIn(path: string): Promise<void> {
  const { workspaceModel } = await loadEditor()
  await workspaceModel(path)?.redo()
}
