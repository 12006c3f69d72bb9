// The workspace as the rest of the app sees it.
export { FileTree } from './FileTree.tsx'
export { WorkspaceMenu } from './WorkspaceMenu.tsx'
export { ShareButton } from '../share/ShareButton.tsx'
export type { Files } from './files.ts'
export { useWorkspace } from './use-workspace.ts'
export { startWorkspace, workspaceStore } from './workspace.ts'
