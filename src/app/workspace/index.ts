// The workspace as the rest of the app sees it.
export { FileTree } from './file-tree.tsx'
export { WorkspaceMenu } from './workspace-menu.tsx'
export { useWorkspace } from './use-workspace.ts'
export { workspaceActions } from './workspace-actions.ts'
export { startWorkspace, workspaceStore } from './workspace.ts'
