// The page's one keeper of runs, and what it follows: the engine, the open workspace, the runs that charts show.
import { filesDigest, type KeptRun, PROJECT_FILE } from '#workspace'
import { toast } from 'sonner'
import { engineStore } from '../store/store.ts'
import { deviceName } from '../ui/names.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import type { Surroundings } from './entry.ts'
import { createKeeper } from './keeper.ts'
import { runsStore } from './runs-store.ts'
import { shownChoice, shownIds } from './shown-runs.ts'
import { browserRuns } from './storage.ts'

const LOCK = 'plugboard.run.'
/** So long a deletion can be undone. */
export const UNDO_MS = 10_000

function surroundings(): Surroundings {
  const { device, plugins } = engineStore.getState().engine
  const isUp = ({ state }: { state: string }) => state === 'running' || state === 'initialized'
  const versions = plugins
    .filter(isUp)
    .map(({ manifest }) => [manifest.name, manifest.version] as const)
  return { device: device && deviceName(device), plugins: Object.fromEntries(versions) }
}

/** The lock ends with the page, whatever ends that. Without locks, runs of other tabs read as interrupted. */
function hold(id: string): () => void {
  let release = (): void => undefined
  const isOver = new Promise<void>((resolve) => (release = resolve))
  void navigator.locks?.request(LOCK + id, () => isOver)
  return release
}

async function held(): Promise<ReadonlySet<string>> {
  const { held: locks = [] } = (await navigator.locks?.query()) ?? {}
  return new Set(locks.map(({ name = '' }) => name.replace(LOCK, '')))
}

export const runStorage = browserRuns()

export const keeper = createKeeper({
  runs: runsStore,
  engine: engineStore,
  storage: runStorage,
  beginning() {
    const { files } = workspaceStore.getState()
    const yaml = files.get(PROJECT_FILE)
    return { files: filesDigest(files), yaml: typeof yaml === 'string' ? yaml : '' }
  },
  surroundings,
  hold,
  held,
  onRefusal: (reason) =>
    toast.warning('This browser does not keep runs: they last as long as this page.', {
      description: `${reason} Export those you need (panel Runs).`,
      duration: 10_000,
    }),
})

/** What waits for its undo to end. */
const pending = new Map<() => void, ReturnType<typeof setTimeout>>()

/** Calls `commit` when nobody can undo any more. Returns what keeps it from that. */
export function later(commit: () => void, ms = UNDO_MS): () => void {
  const timer = setTimeout(() => {
    pending.delete(commit)
    commit()
  }, ms)
  pending.set(commit, timer)
  return () => {
    clearTimeout(timer)
    pending.delete(commit)
  }
}

function leave(): void {
  keeper.flush()
  for (const [commit, timer] of pending) {
    clearTimeout(timer)
    commit()
  }
  pending.clear()
}

/** Follows engine, workspace and choice from here on. Call once. */
export function startKeeping(): void {
  keeper.follow()
  void keeper.open(workspaceStore.getState().entry?.id)
  const removals = new Map<string, () => void>()
  workspaceStore.subscribe((now, before) => {
    if (now.entry?.id !== before.entry?.id) {
      shownChoice.setState({ chosen: new Set(), hidden: new Set() })
      void keeper.open(now.entry?.id)
    }
    if (now.entries === before.entries) return
    const left = new Set(now.entries.map(({ id }) => id))
    for (const { id } of before.entries) {
      if (!left.has(id))
        removals.set(
          id,
          later(() => void keeper.removeAll(id)),
        )
    }
    // It was brought back.
    for (const id of left) removals.get(id)?.()
  })
  const loadShown = (): void => {
    const { current } = engineStore.getState().run
    for (const id of shownIds(shownChoice.getState(), runsStore.getState(), current?.id)) {
      if (id !== current?.id) void keeper.load(id)
    }
  }
  runsStore.subscribe((now, before) => {
    if (now.entries.length !== before.entries.length || now.records !== before.records) loadShown()
  })
  shownChoice.subscribe(loadShown)
  addEventListener('pagehide', leave)
}

/** All of some runs, in their order; those that are gone are left out. */
export async function readAll(ids: readonly string[]): Promise<KeptRun[]> {
  const read: KeptRun[] = []
  for (const id of ids) {
    const run = await keeper.read(id)
    if (run) read.push(run)
  }
  return read
}
