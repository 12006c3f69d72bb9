// The workspace as the rest of the app sees it.
export { FileTree } from './file-tree.tsx'
export { WorkspaceMenu } from './workspace-menu.tsx'
export type { Files } from './files.ts'
export { useWorkspace } from './use-workspace.ts'
export { startWorkspace, workspaceStore } from './workspace.ts'
