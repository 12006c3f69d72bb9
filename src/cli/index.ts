// The same engine in Node, for scripts that open workspaces.
export { openWorkspace, type OpenWorkspace } from './open-workspace.ts'
export { readWorkspace } from './read-workspace.ts'
export { parseSetting, withSettings } from './settings.ts'
