// The database of workspaces and their history.
//
// Version 1: workspaces, files. Version 2: states and contents of the history as well.
import type { FileContent } from '#workspace'
import type { DBSchema } from 'idb'
import { type Database, database } from '../storage/database.ts'
import type { HistoryState } from '../history/state.ts'
import type { WorkspaceEntry } from './entry.ts'

export interface WorkspaceSchema extends DBSchema {
  workspaces: { key: string; value: WorkspaceEntry }
  files: { key: [string, string]; value: { id: string; path: string; content: FileContent } }
  states: { key: [string, number]; value: HistoryState }
  /** Contents that states have, once for each workspace, by their hash. */
  contents: { key: [string, string]; value: { id: string; hash: string; content: FileContent } }
}

export type WorkspaceDatabase = Database<WorkspaceSchema>

export const workspaceDatabase = (name = 'plugboard-workspaces'): WorkspaceDatabase =>
  database<WorkspaceSchema>({
    name,
    version: 2,
    upgrade(db, from) {
      if (from < 1) {
        db.createObjectStore('workspaces', { keyPath: 'id' })
        db.createObjectStore('files', { keyPath: ['id', 'path'] })
      }
      if (from < 2) {
        db.createObjectStore('states', { keyPath: ['id', 'seq'] })
        db.createObjectStore('contents', { keyPath: ['id', 'hash'] })
      }
    },
  })

/** All keys of a workspace, in stores whose keys start with its id. */
export const keysOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id], [id, []])
