// The checkpoints of the open workspace: kept in this browser, within a budget; in the page alone when it refuses.
import { createStore } from 'zustand/vanilla'
import { EngineError, readMetadata, z } from '#sdk'
import {
  type CheckpointEntry,
  isCheckpoint,
  keyOf,
  type KeptFile,
  newestFirst,
  surplus,
  type Taken,
} from './entry.ts'
import { fromKept } from '../store/series.ts'
import type { CheckpointStorage, StoredFile } from './storage.ts'

export interface CheckpointsState {
  /** Newest first. */
  readonly entries: readonly CheckpointEntry[]
  /** Stored records that cannot be read. */
  readonly damaged: readonly unknown[]
  /** Why this browser does not keep them. */
  readonly refusal: string | undefined
}

const PATH = /^checkpoints\/(.+)\.safetensors$/

const infoSchema = z.object({
  run: z.string().max(300),
  name: z.string().max(100),
  epoch: z.number(),
  step: z.number(),
  metrics: z.record(z.string(), z.number()),
})

export function createCheckpoints(storage: CheckpointStorage) {
  const store = createStore<CheckpointsState>(() => ({
    entries: [],
    damaged: [],
    refusal: undefined,
  }))
  /** Files of those that storage refused. */
  const unstored = new Map<string, KeptFile>()
  let workspace: string | undefined

  const show = (entries: readonly CheckpointEntry[]): void =>
    store.setState({ entries: newestFirst(entries) })
  const without = (gone: readonly CheckpointEntry[]): CheckpointEntry[] => {
    const keys = new Set(gone.map(keyOf))
    return store.getState().entries.filter((entry) => !keys.has(keyOf(entry)))
  }

  async function keep(entry: CheckpointEntry, kept: KeptFile): Promise<void> {
    const key = keyOf(entry)
    unstored.delete(key)
    try {
      await storage.write(entry, kept)
      store.setState({ refusal: undefined })
    } catch (error) {
      unstored.set(key, kept)
      store.setState({ refusal: error instanceof Error ? error.message : String(error) })
    }
    if (entry.workspace !== workspace) return
    show([entry, ...without([entry])])
    await remove(surplus(store.getState().entries))
  }

  async function remove(gone: readonly CheckpointEntry[]): Promise<void> {
    if (gone.length === 0) return
    show(without(gone))
    for (const entry of gone) unstored.delete(keyOf(entry))
    await storage.remove(gone).catch(() => undefined)
  }

  /** Bytes and metrics of one; `undefined` when they are gone. */
  const read = async (entry: CheckpointEntry): Promise<KeptFile | undefined> =>
    unstored.get(keyOf(entry)) ?? withColumns(await storage.read(entry))

  return {
    ...store,
    remove: (entry: CheckpointEntry) => remove([entry]),

    /** Shows those of a workspace. */
    async open(id: string | undefined): Promise<void> {
      workspace = id
      store.setState({ entries: [], damaged: [] })
      if (id === undefined) return
      try {
        const stored = await storage.list(id)
        const entries = stored.filter(isCheckpoint)
        if (workspace !== id) return
        store.setState({ damaged: stored.filter((it) => !isCheckpoint(it)) })
        show([...without(entries), ...entries])
      } catch (error) {
        store.setState({ refusal: error instanceof Error ? error.message : String(error) })
      }
    },

    /** Keeps one that a run took. */
    async take(
      taken: Taken,
      savedAt: number,
      { totalSteps, ...kept }: KeptFile & { totalSteps: number },
    ): Promise<void> {
      if (workspace === undefined) return
      const { id: run, name, epoch, step, metrics, sizeBytes, isAutomatic } = taken
      const about = { workspace, run, name, epoch, step, metrics, sizeBytes, isAutomatic }
      await keep({ ...about, savedAt, totalSteps }, kept)
    },

    /** Forgets one that its run has removed. */
    async forget(run: string, name: string): Promise<void> {
      await remove(store.getState().entries.filter((it) => it.run === run && it.name === name))
    },

    /** Adds a file of the user. Rejects with what is wrong with it. */
    async add(file: File): Promise<void> {
      if (workspace === undefined) return
      const metadata = readMetadata(new Uint8Array(await file.arrayBuffer()), file.name)
      const info = infoSchema.safeParse(jsonOf(metadata['info']))
      if (metadata['format'] !== 'plugboard.checkpoint' || !info.success) {
        throw new EngineError({
          code: 'file.invalid',
          message: `${file.name} is no checkpoint`,
          hint: 'weights alone go into data/, for experiment.init_from',
        })
      }
      const about = { ...info.data, sizeBytes: file.size, savedAt: Date.now() }
      // The file does not say how long its run was to be; others of that run may.
      const { entries } = store.getState()
      const ofRun = entries.filter(({ run }) => run === info.data.run)
      const totalSteps = Math.max(0, ...ofRun.map((it) => it.totalSteps))
      await keep({ workspace, ...about, totalSteps, isAutomatic: false }, { file, history: {} })
    },

    /** Deletes what cannot be read, files included. */
    async removeDamaged(): Promise<void> {
      // What was found by its key has one.
      const gone = store.getState().damaged as readonly CheckpointEntry[]
      await storage.remove(gone)
      store.setState({ damaged: [] })
    },

    read,

    /** The newest of the name in a path such as `checkpoints/best.safetensors`. */
    async fileAt(path: string): Promise<Blob | undefined> {
      const name = PATH.exec(path)?.[1]
      const entry = store.getState().entries.find((it) => it.name === name)
      return entry && (await read(entry))?.file
    },
  }
}

const withColumns = (kept: StoredFile | undefined): KeptFile | undefined =>
  kept && { ...kept, history: fromKept(kept.history) }

function jsonOf(text: unknown): unknown {
  try {
    return JSON.parse(String(text)) as unknown
  } catch {
    return undefined
  }
}
