// A database of this page in IndexedDB: opened when it is first used, and refused in words that say what to do.
import { type DBSchema, type IDBPDatabase, openDB, type OpenDBCallbacks } from 'idb'

/** What the browser refused, in plain words. */
class StorageError extends Error {
  override readonly name = 'StorageError'
}

/** Longest wait for a database; some private windows never answer. */
const OPEN_MS = 4_000

const WORDS: Record<string, string> = {
  QuotaExceededError: 'The space that this browser gives to the page is full.',
  VersionError:
    'Your work in this browser was last opened by a newer Plugboard: reload this page to get that version.',
  SecurityError: 'This browser does not let the page store anything, as in a private window.',
  InvalidStateError: 'This browser does not let the page store anything, as in a private window.',
  UnknownError: 'The browser could not read or write its storage.',
}
const BLOCKED =
  'Another tab has an older Plugboard open, which keeps the storage: close or reload that tab.'
const SILENT =
  'The browser’s storage does not answer. Close other tabs of this page, or restart it.'

/** What `reason` means for the user; the browser's own words where there are no better ones. */
export function storageError(reason: unknown): Error {
  if (reason instanceof StorageError) return reason
  const { name, message } = reason instanceof Error ? reason : { name: '', message: String(reason) }
  return new StorageError(WORDS[name] ?? message, { cause: reason })
}

export interface DatabaseOptions<S> {
  name: string
  version: number
  /** Brings a database of `from`, 0 for none, up to `version`. */
  upgrade: NonNullable<OpenDBCallbacks<S>['upgrade']>
  openMs?: number
}

/** Gives the open database; rejects with a `StorageError`, and tries again at the next call. */
export type Database<S> = () => Promise<IDBPDatabase<S>>

export function database<S extends DBSchema>({
  name,
  version,
  upgrade,
  openMs = OPEN_MS,
}: DatabaseOptions<S>): Database<S> {
  let opening: Promise<IDBPDatabase<S>> | undefined
  /** Why the open that is still under way cannot be waited for. */
  let isBlocked = false
  const forget = (): void => {
    opening = undefined
    isBlocked = false
  }

  async function open(onBlocked: () => void): Promise<IDBPDatabase<S>> {
    return openDB<S>(name, version, {
      upgrade,
      blocked() {
        isBlocked = true
        onBlocked()
      },
      // A newer page wants to bring the database up to its version.
      blocking(_current, _wanted, event) {
        ;(event.target as IDBDatabase).close()
        forget()
      },
      terminated: forget,
    })
  }

  return () =>
    new Promise((resolve, reject) => {
      const refuse = (text: string) => reject(new StorageError(text))
      opening ??= open(() => refuse(BLOCKED))
      const timer = setTimeout(() => refuse(isBlocked ? BLOCKED : SILENT), openMs)
      const current = opening
      current.then(
        (db) => {
          clearTimeout(timer)
          resolve(db)
        },
        (reason: unknown) => {
          clearTimeout(timer)
          if (opening === current) forget()
          reject(storageError(reason))
        },
      )
    })
}

/** Settles as `requests` and `transaction` do; of several reasons the transaction's, which names the cause. */
export async function settled(
  transaction: { readonly done: Promise<void> },
  requests: readonly Promise<unknown>[],
): Promise<void> {
  const results = await Promise.allSettled([transaction.done, ...requests])
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw storageError(failed.reason)
}
