// What is done with kept runs: deleted, passed on, taken in, described, begun again.
import { type KeptRun, loadTracking, PROJECT_FILE, type RunEntry, runTitle } from '#workspace'
import { strToU8 } from 'fflate'
import { toast } from 'sonner'
import { doJob } from '../data/index.ts'
import { session } from '../session/page-session.ts'
import { formatCount, plural } from '../ui/format.ts'
import { download } from '../ui/download.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { keeper, later, readAll, UNDO_MS } from './page-keeper.ts'
import { runsStore } from './runs-store.ts'
import { runsView } from './runs-view.ts'

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const entriesOf = (ids: readonly string[]): RunEntry[] => {
  const wanted = new Set(ids)
  return runsStore.getState().entries.filter(({ id }) => wanted.has(id))
}

/** Deletes runs, but one that is on; for some seconds they can be brought back. */
export function deleteRuns(ids: readonly string[]): void {
  const gone = entriesOf(ids).filter(({ state }) => state !== 'running')
  if (gone.length === 0) {
    toast.info('A run that is on cannot be deleted: stop it first.')
    return
  }
  const { undo, commit } = keeper.remove(gone.map(({ id }) => id))
  const cancel = later(commit)
  runsView.setState({ selected: new Set(), opened: undefined })
  const what = gone.length === 1 ? runTitle(gone[0]!) : plural(gone.length, 'run')
  toast.success(`Deleted ${what}.`, {
    duration: UNDO_MS,
    action: {
      label: 'Undo',
      onClick: () => {
        cancel()
        undo()
      },
    },
  })
}

export const renameRun = (id: string, name: string): void =>
  keeper.describe([id], () => ({ name: name.trim().slice(0, 100) }))

export const writeNotes = (id: string, notes: string): void =>
  keeper.describe([id], () => ({ notes: notes.slice(0, 20_000) }))

/** `team: vision`, or a label. Names that objects have anyway are none. */
export function addTag(ids: readonly string[], text: string): void {
  const at = text.indexOf(':')
  const tag = (at < 0 ? text : text.slice(0, at)).trim().slice(0, 60)
  const value =
    at < 0
      ? ''
      : text
          .slice(at + 1)
          .trim()
          .slice(0, 200)
  if (tag === '' || tag in {}) return
  keeper.describe(ids, ({ tags }) => ({ tags: { ...tags, [tag]: value } }))
}

export const removeTag = (ids: readonly string[], tag: string): void =>
  keeper.describe(ids, ({ tags }) => ({
    tags: Object.fromEntries(Object.entries(tags).filter(([name]) => name !== tag)),
  }))

/** Puts the project file that a run had into the workspace, and trains with it. */
export async function restartFrom(id: string): Promise<void> {
  const run = await keeper.read(id)
  if (!run || run.details.yaml === '') {
    toast.error('The project file of this run is gone: it cannot be begun again.')
    return
  }
  const { files, edit, create } = workspaceStore.getState()
  const before = files.get(PROJECT_FILE)
  const { yaml } = run.details
  try {
    if (before === undefined) create(PROJECT_FILE, yaml, { open: false })
    else edit(PROJECT_FILE, yaml)
  } catch (error) {
    toast.error(messageOf(error))
    return
  }
  if (before !== undefined && before !== yaml) {
    toast.info(
      `${PROJECT_FILE} is as ${runTitle(run.entry)} had it; other files stay as they are.`,
      {
        duration: UNDO_MS,
        action: {
          label: 'Undo',
          onClick: () => workspaceStore.getState().edit(PROJECT_FILE, before),
        },
      },
    )
  }
  await session.runAgain()
}

export const saveTable = async (
  head: readonly string[],
  rows: readonly (readonly (string | number | boolean | null | undefined)[])[],
): Promise<void> => download('runs.csv', (await loadTracking()).tableCsv(head, rows), 'text/csv')

export type ExportFormat = 'metrics' | 'json' | 'mlflow'

/** Saves runs as a file. */
export async function exportRuns(format: ExportFormat, ids: readonly string[]): Promise<void> {
  try {
    const [runs, tracking] = [await readAll(ids), await loadTracking()]
    if (runs.length < ids.length) {
      toast.warning(
        `${plural(ids.length - runs.length, 'run')} could not be read and are left out.`,
      )
    }
    if (format === 'json') download('runs.json', tracking.runsJson(runs), 'application/json')
    else if (format === 'metrics') {
      const lines = runs.map(({ entry, details }) => ({
        title: runTitle(entry),
        series: details.series,
      }))
      download('metrics.csv', tracking.metricsCsv(lines), 'text/csv')
    } else download('mlruns.zip', await mlflowZip(runs), 'application/zip')
  } catch (error) {
    toast.error(`The runs could not be exported: ${messageOf(error)}`)
  }
}

/** `mlruns/…`, to be unpacked where `mlflow ui` is started. */
async function mlflowZip(runs: readonly KeptRun[]): Promise<Uint8Array<ArrayBuffer>> {
  const { mlflowFiles, trackedRun } = await loadTracking()
  const files = mlflowFiles(runs.map(trackedRun))
  const entries = [...files].map(([path, content]) => {
    const bytes = typeof content === 'string' ? strToU8(content) : content
    return [`mlruns/${path}`, new Uint8Array(bytes)] as const
  })
  return doJob({ kind: 'zip', files: new Map(entries) })
}

/** Adds the runs of files that `Export` made. */
export async function importRuns(files: Iterable<File>): Promise<void> {
  const { readRuns } = await loadTracking()
  for (const file of files) {
    try {
      const runs = readRuns(await file.text())
      const named = runs.map(({ entry, details }) => ({
        entry: { ...entry, name: entry.name || `${runTitle(entry)} (${file.name})` },
        details,
      }))
      const count = await keeper.add(named)
      const known = runs.length - count
      const more = known > 0 ? ` ${formatCount(known)} were here already.` : ''
      toast.success(`Added ${plural(count, 'run')} of ${file.name}.${more}`)
    } catch (error) {
      toast.error(`${file.name} could not be taken in: ${messageOf(error)}`, { duration: 10_000 })
    }
  }
}

export function chooseImport(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.json,application/json'
  input.multiple = true
  input.addEventListener('change', () => void importRuns(input.files ?? []))
  input.click()
}
