// Copies checkpoints out of the sandbox as they are taken, in pieces, at a pace that leaves it room.
import { type EngineApi, isEngineEvent } from '#protocol'
import type { EventRecord } from '#sdk'
import type { Taken } from './entry.ts'

const PIECE_BYTES = 4 * 2 ** 20
/** Together with copies of artefacts below what the sandbox may send in buffers (`RELAY_LIMITS`). */
const MOST_BYTES_PER_MS = 6_000

export interface CopyParts {
  /** Keeps the file of a checkpoint; whatever goes wrong is told there. */
  keep(taken: Taken, savedAt: number, file: Blob): Promise<void>
  forget(run: string, name: string): Promise<void>
  wait?(ms: number): Promise<void>
}

const byTimer = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export function createCheckpointCopies({ keep, forget, wait = byTimer }: CopyParts) {
  /** What is to be done about each checkpoint: a later one takes the place of one that still waits. */
  const waiting = new Map<string, () => Promise<void>>()
  let working: Promise<void> | undefined

  /** One after the other. What an engine that is gone did not give any more is lost with it. */
  async function work(): Promise<void> {
    for (const [id, next] of waiting) {
      waiting.delete(id)
      await next().catch(() => undefined)
    }
  }

  async function copy(api: EngineApi, taken: Taken, savedAt: number): Promise<void> {
    const { key, sizeBytes } = taken
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
      const piece = await api.checkpoint(key, at, Math.min(sizeBytes, at + PIECE_BYTES))
      // Another took its place, whose turn comes.
      if (!piece) return
      pieces.push(piece)
      await wait(piece.length / MOST_BYTES_PER_MS)
    }
    await keep(taken, savedAt, new Blob(pieces))
    await api.takeCheckpoint(key)
  }

  return {
    /** Follows the events of an engine. */
    receive(events: readonly EventRecord[], api: EngineApi): void {
      for (const event of events) {
        if (!isEngineEvent(event)) continue
        const { type, data, time } = event
        if (type !== 'run.checkpoint' && type !== 'run.checkpoint_removed') continue
        const id = JSON.stringify([data.id, data.name])
        waiting.delete(id)
        waiting.set(
          id,
          type === 'run.checkpoint'
            ? () => copy(api, data, time)
            : () => forget(data.id, data.name),
        )
        working ??= work().finally(() => (working = undefined))
      }
    },
    /** Resolves when all that was told of so far is kept. */
    settled: async (): Promise<void> => await working,
  }
}
