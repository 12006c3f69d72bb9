// Workspaces that lie elsewhere: a part of its own, because it brings archives.
export { parseAddress, type RemoteAddress } from './address.ts'
export { archiveFiles, asWorkspace, fetchWorkspace } from './fetch.ts'
