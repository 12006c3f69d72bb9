// Keeps runs: follows the one that is on, writes it while it goes on, lists those of earlier visits, reads their points.
import { type KeptRun, runDetailsSchema, type RunEntry, runEntrySchema } from '#workspace'
import { isActive, type RunRecord } from '../store/run-slice.ts'
import type { EngineStore } from '../store/store.ts'
import {
  type Beginning,
  detailsOf,
  firstEntry,
  recordOf,
  type Surroundings,
  updated,
} from './entry.ts'
import { newestFirst, type RunsStore } from './runs-store.ts'
import { MAX_SHOWN } from './shown-runs.ts'
import type { RunStorage } from './storage.ts'

export interface KeeperParts {
  readonly runs: RunsStore
  readonly engine: Pick<EngineStore, 'getState' | 'subscribe' | 'countEarlier' | 'countAdded'>
  readonly storage: RunStorage
  /** The workspace as it is now. */
  beginning(): Beginning
  /** The engine as it is now. */
  surroundings(): Surroundings
  /** Says that a run is on in this page, until the returned function is called or the page ends. */
  hold(id: string): () => void
  /** Ids of runs that are on in any page. */
  held(): Promise<ReadonlySet<string>>
  /** This browser refuses to keep runs; told once. */
  onRefusal(reason: string): void
  readonly writeEveryMs?: number
}

/** A run of this page. */
interface Own {
  readonly workspace: string
  readonly yaml: string
  record: RunRecord
  entry: RunEntry
  release: (() => void) | undefined
}

/** How often the entry of a run that is on is renewed, and stored. */
const RENEW_EVERY_MS = 1_000
const WRITE_EVERY_MS = 3_000
/** Long runs are written less often: so many bytes for each millisecond between. */
const BYTES_PER_MS = 2_000
const BYTES_PER_POINT = 32
/** About 20 ms of work. */
const CHECKED_AT_ONCE = 400
/** More than are ever shown at once. */
const MAX_RECORDS = 2 * MAX_SHOWN

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

export function createKeeper(parts: KeeperParts) {
  const { runs, engine, storage, writeEveryMs = WRITE_EVERY_MS } = parts
  const own = new Map<string, Own>()
  const dirty = new Set<Own>()
  let renewing: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()
  let nextWrite = 0
  /** Reading is under way, or has failed. */
  const asked = new Set<string>()

  function refuse(error: unknown): void {
    const isFirst = runs.getState().refusal === undefined
    runs.setState({ refusal: messageOf(error) })
    if (isFirst) parts.onRefusal(messageOf(error))
  }

  /** One write after the other, so that an older state never follows a newer one. */
  function store(write: () => Promise<void>): Promise<void> {
    writing = writing.then(write).catch(refuse)
    return writing
  }

  function place(entries: readonly RunEntry[]): void {
    const placed = new Map(entries.map((entry) => [entry.id, entry]))
    runs.setState((state) => {
      const known = state.entries.map((entry) => {
        const next = placed.get(entry.id)
        placed.delete(entry.id)
        return next ?? entry
      })
      return { entries: placed.size === 0 ? known : newestFirst([...placed.values(), ...known]) }
    })
  }

  function begin(record: RunRecord): Own | undefined {
    const { workspace } = runs.getState()
    if (workspace === undefined) return undefined
    const about = parts.beginning()
    const entry = firstEntry(record, about)
    const begun = { workspace, yaml: about.yaml, record, entry, release: parts.hold(record.id) }
    own.set(record.id, begun)
    // At once, so that a run that brings its page down is known of.
    nextWrite = 0
    return begun
  }

  /** Takes over what the engine told of a run. */
  function take(record: RunRecord): void {
    const run = own.get(record.id) ?? begin(record)
    if (!run) return
    run.record = record
    dirty.add(run)
    if (!isActive(record)) {
      run.release?.()
      run.release = undefined
      flush()
    } else if (nextWrite === 0) flush()
    else renewing ??= setTimeout(renew, RENEW_EVERY_MS)
  }

  /** Shows how runs went on; stores them when it is time to. */
  function renew(): void {
    clearTimeout(renewing)
    renewing = undefined
    for (const run of dirty) show(run)
    if (Date.now() >= nextWrite) flush()
    else renewing = setTimeout(renew, RENEW_EVERY_MS)
  }

  function show(run: Own): void {
    const isOn = isActive(run.record)
    const isTold = !isOn && run.entry.device !== undefined
    run.entry = updated(run.entry, run.record, isTold ? undefined : parts.surroundings())
    if (run.workspace !== runs.getState().workspace) return
    place([run.entry])
    if (!isOn) keepRecord(run.record)
  }

  /** The oldest leave the page when there are many: they can be read again. */
  function keepRecord(record: RunRecord): void {
    runs.setState(({ records, refusal }) => {
      const kept = new Map(records).set(record.id, record)
      if (refusal !== undefined) return { records: kept }
      for (const id of [...kept.keys()].slice(0, -MAX_RECORDS)) {
        kept.delete(id)
        own.delete(id)
        asked.delete(id)
      }
      return { records: kept }
    })
  }

  /** Stores what is not stored yet. */
  function flush(): void {
    clearTimeout(renewing)
    renewing = undefined
    for (const run of dirty) {
      show(run)
      const kept = { entry: run.entry, details: detailsOf(run.record, run.yaml) }
      const points = Object.values(kept.details.series).reduce((sum, { length }) => sum + length, 0)
      nextWrite = Date.now() + Math.max(writeEveryMs, (points * BYTES_PER_POINT) / BYTES_PER_MS)
      void store(() => storage.write(run.workspace, [kept]))
    }
    dirty.clear()
  }

  /** Shows the runs of a workspace: first those of this page, soon those of earlier visits. */
  async function open(workspace: string | undefined): Promise<void> {
    const ours = [...own.values()].filter((run) => run.workspace === workspace)
    asked.clear()
    runs.setState({
      workspace,
      entries: newestFirst(ours.map(({ entry }) => entry)),
      isListed: false,
      records: new Map(ours.map(({ record }) => [record.id, record])),
      damaged: [],
    })
    if (workspace === undefined) return
    const { current } = engine.getState().run
    if (current && !own.has(current.id)) take(current)
    try {
      const [stored, held] = await Promise.all([storage.list(workspace), parts.held()])
      if (runs.getState().workspace !== workspace) return
      const entries: RunEntry[] = []
      const damaged: unknown[] = []
      for (const [index, it] of stored.entries()) {
        // Thousands are checked a part at a time: the page answers in between.
        if (index % CHECKED_AT_ONCE === CHECKED_AT_ONCE - 1) {
          await new Promise((resolve) => setTimeout(resolve))
          if (runs.getState().workspace !== workspace) return
        }
        const { data } = runEntrySchema.safeParse(it)
        if (!data) damaged.push(it)
        else if (!own.has(data.id)) entries.push(interrupted(data, held))
      }
      const { current: on, previous } = engine.getState().run
      const earlier = [...entries, ...ours.map(({ entry }) => entry)].filter(
        ({ id }) => id !== on?.id && id !== previous?.id,
      )
      engine.countEarlier(earlier.reduce((most, { number }) => Math.max(most, number), 0))
      place(entries)
      runs.setState({ damaged })
    } catch (error) {
      if (runs.getState().workspace === workspace) refuse(error)
    }
    if (runs.getState().workspace === workspace) runs.setState({ isListed: true })
  }

  /** Reads the points of runs that are to be shown, or compared. */
  async function load(id: string): Promise<void> {
    const { workspace, records } = runs.getState()
    if (workspace === undefined || asked.has(id) || records.has(id) || own.has(id)) return
    asked.add(id)
    const kept = await read(id).catch(() => undefined)
    if (kept && runs.getState().workspace === workspace)
      keepRecord(recordOf(kept.entry, kept.details))
  }

  /** All of a run; `undefined` when this browser no longer has it. */
  async function read(id: string): Promise<KeptRun | undefined> {
    const { workspace, entries } = runs.getState()
    const entry = entries.find((it) => it.id === id)
    const ours = own.get(id)
    if (ours && entry) return { entry, details: detailsOf(ours.record, ours.yaml) }
    if (!entry || workspace === undefined) return undefined
    await writing
    const stored = await storage.read(workspace, id)
    const { data } = runDetailsSchema.safeParse(stored)
    if (data) return { entry, details: data }
    const { damaged } = runs.getState()
    const isTold = damaged.some((it) => idOf(it) === id)
    if (stored !== undefined && !isTold) runs.setState({ damaged: [...damaged, stored] })
    return undefined
  }

  /** Name, tags and notes. */
  function describe(ids: readonly string[], change: (entry: RunEntry) => Partial<RunEntry>): void {
    const { entries, workspace } = runs.getState()
    if (workspace === undefined) return
    const wanted = new Set(ids)
    const changed = entries
      .filter(({ id }) => wanted.has(id))
      .map((it) => ({ ...it, ...change(it) }))
    for (const entry of changed) {
      const ours = own.get(entry.id)
      if (ours) ours.entry = entry
    }
    place(changed)
    void store(() => storage.writeEntries(workspace, changed))
  }

  return {
    follow(): () => void {
      return engine.subscribe(({ run }, { run: before }) => {
        if (run.current && run.current !== before.current) take(run.current)
        if (run.previous && run.previous !== before.previous) take(run.previous)
        // Another workspace was opened: the engine of the run that was on is gone.
        if (!run.current && before.current && isActive(before.current)) take(ended(before.current))
      })
    },
    open,
    load,
    read,
    flush,
    describe,
    /** Adds runs that were made elsewhere, behind those that are there. Resolves with how many were new. */
    async add(added: readonly KeptRun[]): Promise<number> {
      const { workspace, entries } = runs.getState()
      if (workspace === undefined) return 0
      const known = new Set(entries.map(({ id }) => id))
      const fresh = added.filter(({ entry }) => !known.has(entry.id))
      let { count } = engine.getState().run
      const numbered = fresh.map(({ entry, details }) => ({
        entry: { ...entry, number: ++count },
        details,
      }))
      engine.countAdded(numbered.length)
      place(numbered.map(({ entry }) => entry))
      for (const { entry, details } of numbered) keepRecord(recordOf(entry, details))
      await store(() => storage.write(workspace, numbered))
      return fresh.length
    },
    /** Takes runs off the list; they are gone for good once the returned `commit` is called. */
    remove(ids: readonly string[]): { undo: () => void; commit: () => void } {
      const { workspace, entries } = runs.getState()
      const wanted = new Set(ids)
      const gone = entries.filter(({ id }) => wanted.has(id))
      runs.setState({ entries: entries.filter(({ id }) => !wanted.has(id)) })
      let isOver = workspace === undefined
      return {
        undo() {
          if (isOver) return
          isOver = true
          if (runs.getState().workspace === workspace) place(gone)
        },
        commit() {
          if (isOver || workspace === undefined) return
          isOver = true
          for (const id of wanted) own.delete(id)
          void store(() => storage.remove(workspace, [...wanted]))
        },
      }
    },
    /** Deletes what cannot be read, and runs of which the points cannot. */
    async removeDamaged(): Promise<void> {
      const { workspace, damaged, entries } = runs.getState()
      if (workspace === undefined) return
      const gone = damaged.map(idOf)
      runs.setState({ damaged: [], entries: entries.filter(({ id }) => !gone.includes(id)) })
      await store(() => storage.remove(workspace, gone))
    },
    async removeAll(workspace: string): Promise<void> {
      for (const [id, run] of own) if (run.workspace === workspace) own.delete(id)
      await store(() => storage.removeAll(workspace))
    },
    /** Resolves when all is stored, or refused. */
    settled: async (): Promise<void> => await writing,
  }
}

/** A record that was found by its id has one. */
const idOf = (record: unknown): string => (record as { id: string }).id

/** A run whose page ended before it did. */
function interrupted(entry: RunEntry, held: ReadonlySet<string>): RunEntry {
  if (entry.state !== 'running' || held.has(entry.id)) return entry
  return { ...entry, state: 'interrupted' }
}

const ended = (run: RunRecord): RunRecord => ({
  ...run,
  state: 'ended',
  reason: 'stopped',
  message: 'Another workspace was opened.',
  endedAt: Date.now(),
})
