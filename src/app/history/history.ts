// The history of workspaces: takes a state, lists states, gives their files back.
import type { FileContent, Files } from '#workspace'
import type { HistoryStorage } from './storage.ts'
import { type Cause, type HistoryState, isEqual, type StateFile, surplus } from './state.ts'

interface Known extends StateFile {
  content: FileContent
}

const bytesOf = (content: FileContent): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content

/** Asks for a secure context, as all storage that browsers keep apart by origin should. */
async function hashOf(content: FileContent): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(content)))
  const digits = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${typeof content === 'string' ? 't' : 'b'}${digits}`
}

export interface History {
  /**
   * Keeps `files` as the newest state; resolves to `undefined` when the newest is equal. Rejects when storage refuses.
   */
  record(id: string, files: Files, cause: Cause): Promise<HistoryState | undefined>
  /** Newest first. */
  list(id: string): Promise<HistoryState[]>
  /** Stored states that cannot be read. */
  damaged(id: string): Promise<unknown[]>
  removeDamaged(id: string): Promise<void>
  /** Content of a file of a state; `undefined` when it is damaged or gone. */
  contentOf(state: HistoryState, file: StateFile): Promise<FileContent | undefined>
  /** All files of a state, and the paths of those that are damaged or gone. */
  filesOf(state: HistoryState): Promise<{ files: Files; missing: string[] }>
}

export function createHistory(storage: HistoryStorage, now: () => number = Date.now): History {
  /** Files of the last state, so that only what changed is hashed. */
  let known = new Map<string, Known>()
  let queue: Promise<unknown> = Promise.resolve()

  async function record(id: string, files: Files, cause: Cause) {
    const before = known
    const next = new Map<string, Known>()
    for (const path of [...files.keys()].toSorted()) {
      const content = files.get(path)!
      const last = before.get(path)
      const hash = last?.content === content ? last.hash : await hashOf(content)
      next.set(path, { path, hash, size: content.length, content })
    }
    known = next
    const stateFiles = [...next.values()].map(({ path, hash, size }) => ({ path, hash, size }))
    const states = await storage.states(id)
    const newest = states.at(-1)
    if (newest && isEqual(newest.files, stateFiles)) return undefined
    const contents = new Map([...next.values()].map(({ hash, content }) => [hash, content]))
    const added = await storage.add({ id, savedAt: now(), cause, files: stateFiles }, contents)
    await storage.remove(surplus([...states, added]))
    return added
  }

  return {
    damaged: (id) => storage.damaged(id),
    async removeDamaged(id) {
      // What was found by its key has one.
      await storage.remove((await storage.damaged(id)) as HistoryState[])
    },
    record(id, files, cause) {
      // One after the other: each is compared with the one before.
      const recorded = queue.then(() => record(id, files, cause))
      queue = recorded.catch(() => undefined)
      return recorded
    },
    list: async (id) => (await storage.states(id)).toReversed(),
    contentOf: ({ id }, { hash }) => storage.content(id, hash),
    async filesOf(state) {
      const files = new Map<string, FileContent>()
      const missing: string[] = []
      for (const file of state.files) {
        const content = await storage.content(state.id, file.hash)
        if (content === undefined) missing.push(file.path)
        else files.set(file.path, content)
      }
      return { files, missing }
    },
  }
}
