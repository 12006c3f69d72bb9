// Copies artefacts into the page while their engine lives, at a pace that leaves the sandbox room.
import type { EngineApi } from '#protocol'
import { type Artefact, isCopied } from '../store/artefacts-slice.ts'
import type { EngineStore } from '../store/store.ts'

/** Changes within this time are copied at once. */
const QUIET_MS = 1_000
/** An artefact that grows all the time costs no more than this. */
const BYTES_PER_MS = 1_000
/** Below what the sandbox may send in buffers (`RELAY_LIMITS`): over it, the engine would be ended. */
const MOST_BYTES_PER_MS = 8_000

export interface ArtefactCopyParts {
  store: EngineStore
  /** The engine that is up. */
  engine(): EngineApi | undefined
  wait?(ms: number): Promise<void>
}

const byTimer = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export function createArtefactCopies({ store, engine, wait = byTimer }: ArtefactCopyParts) {
  let isFollowing = false
  /** Ends when the engine may send the next one. */
  let pace: Promise<unknown> = Promise.resolve()

  /** Copies one, after those asked for before. Whether there was something to copy. */
  function copy({ name }: Artefact): Promise<boolean> {
    const copied = pace.then(async () => {
      const artefact = store.getState().artefacts.get(name)
      if (!artefact || artefact.isGone || isCopied(artefact)) return 0
      const bytes = await engine()?.artefact(name)
      if (!bytes) return undefined
      store.keepArtefact(name, { bytes, version: artefact.version, takenAt: Date.now() })
      return bytes.length
    })
    pace = copied.then(
      (sizeBytes = 0) => wait(sizeBytes / MOST_BYTES_PER_MS),
      () => undefined,
    )
    return copied.then((sizeBytes) => sizeBytes !== undefined)
  }

  const isDue = (artefact: Artefact): boolean => !artefact.isGone && !isCopied(artefact)

  /** The one whose copy is oldest. */
  const nextDue = (): Artefact | undefined =>
    [...store.getState().artefacts.values()]
      .filter(isDue)
      .toSorted((a, b) => (a.copy?.takenAt ?? 0) - (b.copy?.takenAt ?? 0))[0]

  async function follow(): Promise<void> {
    if (isFollowing) return
    isFollowing = true
    try {
      for (let due = nextDue(); due; due = nextDue()) {
        await wait(QUIET_MS)
        if (!(await copy(due))) return
        await wait(due.sizeBytes / BYTES_PER_MS)
      }
    } catch {
      // The engine is gone: the next one's artefacts are copied again.
    } finally {
      isFollowing = false
    }
  }

  const undo = store.subscribe((now, before) => {
    if (now.artefacts !== before.artefacts) void follow()
  })

  return {
    /**
     * The artefact with all that was saved so far; of one whose engine is gone, what was copied before.
     * `undefined` when there is nothing.
     */
    async artefact(name: string): Promise<Artefact | undefined> {
      const known = store.getState().artefacts.get(name)
      // Without an answer the engine is gone, and what was copied before is all there is.
      if (known && isDue(known)) await copy(known).catch(() => undefined)
      return store.getState().artefacts.get(name)
    },
    dispose: undo,
  }
}
