// The workspace as the rest of the app sees it.
export { FileTree } from './FileTree.tsx'
export { WorkspaceMenu } from './WorkspaceMenu.tsx'
export { ShareButton } from '../share/ShareButton.tsx'
export { examples } from './examples.ts'
export type { Example } from './examples.ts'
export type { FileContent, Files } from './files.ts'
export type { WorkspaceEntry, WorkspaceOrigin } from './storage.ts'
export type { Notice, WorkspaceState } from './store.ts'
export { useWorkspace } from './use-workspace.ts'
export {
  flushWorkspace,
  newEmptyWorkspace,
  openExample,
  openLink,
  startWorkspace,
  workspaceStore,
} from './workspace.ts'
