// The history in IndexedDB, beside the workspaces: a small record per state, each content once.
import type { FileContent } from '#workspace'
import { settled } from '../storage/database.ts'
import { keysOf, type WorkspaceDatabase } from '../workspace/database.ts'
import { isContent } from '../workspace/entry.ts'
import { type HistoryState, isState } from './state.ts'

/** Where the history is kept. Rejects with a `StorageError`, such as of a full disk. */
export interface HistoryStorage {
  /** States of a workspace, oldest first; damaged ones are left out and in place. */
  states(id: string): Promise<HistoryState[]>
  /** Those that are left out. */
  damaged(id: string): Promise<unknown[]>
  /** Adds a state as the newest. Contents that are there already are left. Returns its number. */
  add(
    state: Omit<HistoryState, 'seq'>,
    contents: ReadonlyMap<string, FileContent>,
  ): Promise<HistoryState>
  content(id: string, hash: string): Promise<FileContent | undefined>
  /** Forgets states, and contents that no other state has. */
  remove(gone: readonly HistoryState[]): Promise<void>
  /** Forgets all states of a workspace, damaged ones too. */
  removeAll(id: string): Promise<void>
  /** Forgets the history of workspaces that are no more. */
  removeOrphans(): Promise<void>
}

export function browserHistory(database: WorkspaceDatabase): HistoryStorage {
  const states = async (id: string): Promise<HistoryState[]> =>
    (await (await database()).getAll('states', keysOf(id))).filter(isState)

  return {
    states,
    async damaged(id) {
      const records: unknown[] = await (await database()).getAll('states', keysOf(id))
      return records.filter((record) => !isState(record))
    },
    async add(state, contents) {
      const { id } = state
      const tx = (await database()).transaction(['states', 'contents'], 'readwrite')
      // The number comes from what is stored: another tab may have added some.
      const last = await tx.objectStore('states').openKeyCursor(keysOf(id), 'prev')
      const added = { ...state, seq: (last?.key[1] ?? 0) + 1 }
      const known = new Set(
        (await tx.objectStore('contents').getAllKeys(keysOf(id))).map(([, hash]) => hash),
      )
      const missing = [...contents].filter(([hash]) => !known.has(hash))
      await settled(tx, [
        tx.objectStore('states').add(added),
        ...missing.map(([hash, content]) => tx.objectStore('contents').put({ id, hash, content })),
      ])
      return added
    },
    async content(id, hash) {
      const content: unknown = (await (await database()).get('contents', [id, hash]))?.content
      return isContent(content) ? content : undefined
    },
    async remove(gone) {
      const id = gone[0]?.id
      if (id === undefined) return
      const tx = (await database()).transaction(['states', 'contents'], 'readwrite')
      const removals: Promise<unknown>[] = gone.map(({ seq }) =>
        tx.objectStore('states').delete([id, seq]),
      )
      const left = await tx.objectStore('states').getAll(keysOf(id))
      // What a damaged state had cannot be known: then every content stays.
      const isKnown = left.every(isState)
      const used = new Set(
        isKnown ? left.flatMap(({ files }) => files.map(({ hash }) => hash)) : [],
      )
      const keys = isKnown ? await tx.objectStore('contents').getAllKeys(keysOf(id)) : []
      for (const key of keys)
        if (!used.has(key[1])) removals.push(tx.objectStore('contents').delete(key))
      await settled(tx, removals)
    },
    async removeAll(id) {
      const tx = (await database()).transaction(['states', 'contents'], 'readwrite')
      await settled(tx, [
        tx.objectStore('states').delete(keysOf(id)),
        tx.objectStore('contents').delete(keysOf(id)),
      ])
    },
    async removeOrphans() {
      const tx = (await database()).transaction(['workspaces', 'states', 'contents'], 'readwrite')
      const living = new Set(await tx.objectStore('workspaces').getAllKeys())
      const removals: Promise<unknown>[] = []
      for (const name of ['states', 'contents'] as const) {
        const store = tx.objectStore(name)
        for (const [id] of await store.getAllKeys())
          if (!living.has(id)) removals.push(store.delete(keysOf(id)))
      }
      await settled(tx, removals)
    },
  }
}
