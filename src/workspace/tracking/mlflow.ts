// Runs in the layout of MLflow's file store, which `mlflow ui` and its clients open.
// https://github.com/mlflow/mlflow/blob/v2.9.2/mlflow/store/tracking/file_store.py
import { fnv64, hex128 } from './digest.ts'
import { flatten } from './flatten.ts'
import type { KeptRun, KeptState, MetricColumns } from './kept-run.ts'
import { runTitle } from './run-title.ts'

/** What of a run MLflow has a place for. */
export interface TrackedRun {
  readonly id: string
  /** Name of the experiment that it belongs to. */
  readonly experiment: string
  readonly title: string
  readonly state: KeptState
  /** Milliseconds since 1970; `timeOrigin` is where the times of points count from. */
  readonly startedAt: number
  readonly endedAt: number | undefined
  readonly timeOrigin: number
  readonly config: unknown
  readonly series: Readonly<Record<string, MetricColumns>>
  readonly tags: Readonly<Record<string, string>>
  readonly notes: string
  readonly artefacts: ReadonlyMap<string, Uint8Array<ArrayBuffer> | string>
}

/** A kept run with its project file as an artefact. */
export const trackedRun = ({ entry, details }: KeptRun): TrackedRun => ({
  id: entry.id,
  experiment: entry.setup?.name ?? 'experiment',
  title: runTitle(entry),
  state: entry.state,
  startedAt: entry.startedAt,
  endedAt: entry.endedAt,
  timeOrigin: details.timeOrigin,
  config: entry.setup?.config,
  series: details.series,
  tags: {
    ...pluginTags(entry.plugins),
    ...(entry.device !== undefined && { 'plugboard.device': entry.device }),
    ...entry.tags,
  },
  notes: entry.notes,
  artefacts: new Map(details.yaml === '' ? [] : [['plugboard.yaml', details.yaml]]),
})

const pluginTags = (plugins: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(plugins).map(([plugin, version]) => [`plugin.${plugin}`, version]),
  )

/** `RunStatus` of MLflow's service.proto. */
const STATUS = {
  running: 1,
  finished: 3,
  early_stopped: 3,
  failed: 4,
  stopped: 5,
  interrupted: 5,
} satisfies Record<KeptState, number>

/** `SourceType.LOCAL` */
const SOURCE_LOCAL = 4
/** Longest value of a parameter, and of a tag, that MLflow takes. */
const MAX_PARAM = 500
const MAX_TAG = 5000

/** Id that an experiment of this name has in the store: digits, as MLflow makes them. */
export const experimentId = (name: string): string => String(fnv64(name) % 10n ** 18n)

/**
 * Files by path below the store's folder. `root` is where that folder will lie, as artefacts are named: an absolute
 * `file:` URL, or `mlruns` for one that is opened from the folder around it. `idOf` names experiments that are there
 * already.
 */
export function mlflowFiles(
  runs: readonly TrackedRun[],
  { root = 'mlruns', idOf = experimentId }: { root?: string; idOf?: (name: string) => string } = {},
): Map<string, string | Uint8Array<ArrayBuffer>> {
  const files = new Map<string, string | Uint8Array<ArrayBuffer>>()
  for (const run of runs) {
    const experiment = idOf(run.experiment)
    files.set(`${experiment}/meta.yaml`, experimentMeta(run, runs, experiment, root))
    const id = hex128(run.id)
    const folder = `${experiment}/${id}`
    files.set(`${folder}/meta.yaml`, runMeta(run, id, experiment, `${root}/${folder}/artifacts`))
    const put = (part: string, entries: Iterable<readonly [string, string]>): void => {
      for (const [path, text] of fileNames(entries)) files.set(`${folder}/${part}/${path}`, text)
    }
    put('params', paramsOf(run))
    put('tags', tagsOf(run))
    put('metrics', metricsOf(run))
    for (const [path, content] of fileNames(run.artefacts)) {
      files.set(`${folder}/artifacts/${path}`, content)
    }
  }
  return files
}

const yaml = (fields: Record<string, string | number | readonly never[] | null>): string =>
  // JSON values are YAML values.
  Object.entries(fields)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('')

function experimentMeta(
  { experiment }: TrackedRun,
  runs: readonly TrackedRun[],
  id: string,
  root: string,
): string {
  const times = runs.filter((run) => run.experiment === experiment).map((run) => run.startedAt)
  return yaml({
    artifact_location: `${root}/${id}`,
    creation_time: Math.round(Math.min(...times)),
    experiment_id: id,
    last_update_time: Math.round(Math.max(...times)),
    lifecycle_stage: 'active',
    name: experiment,
  })
}

const runMeta = (run: TrackedRun, id: string, experiment: string, artefacts: string): string =>
  yaml({
    artifact_uri: artefacts,
    end_time: run.endedAt === undefined ? null : Math.round(run.endedAt),
    entry_point_name: '',
    experiment_id: experiment,
    lifecycle_stage: 'active',
    run_id: id,
    run_name: run.title,
    run_uuid: id,
    source_name: 'plugboard',
    source_type: SOURCE_LOCAL,
    source_version: '',
    start_time: Math.round(run.startedAt),
    status: STATUS[run.state],
    tags: [],
    user_id: '',
  })

const paramsOf = ({ config }: TrackedRun): [string, string][] =>
  [...flatten(config)].map(([key, value]) => [key, String(value).slice(0, MAX_PARAM)])

function tagsOf({ title, notes, tags, state }: TrackedRun): [string, string][] {
  const own: Record<string, string> = {
    ...tags,
    'plugboard.state': state,
    'mlflow.runName': title,
    'mlflow.source.name': 'plugboard',
    'mlflow.source.type': 'LOCAL',
    ...(notes !== '' && { 'mlflow.note.content': notes }),
  }
  return Object.entries(own).map(([key, value]) => [key, value.slice(0, MAX_TAG)])
}

/** Lines of `time value step`. */
function metricsOf({ series, timeOrigin, startedAt }: TrackedRun): [string, string][] {
  return Object.entries(series).map(([metric, { length, steps, times, values }]) => {
    const lines: string[] = []
    for (let i = 0; i < length; i++) {
      const elapsed = times[i]!
      const time = Number.isNaN(elapsed) ? startedAt : timeOrigin + elapsed
      lines.push(`${Math.round(time)} ${numberText(values[i]!)} ${Math.round(steps[i]!)}\n`)
    }
    return [metric, lines.join('')]
  })
}

/** As Python reads it. */
const numberText = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'

/** Characters that MLflow takes in names of parameters, tags and metrics. */
const NOT_ALLOWED = /[^\w\-. /]/g

/** Names as paths that stay inside of their folder, each another, also where case does not tell files apart. */
function* fileNames<T>(entries: Iterable<readonly [string, T]>): Generator<[string, T]> {
  const taken = new Set<string>()
  for (const [name, value] of entries) {
    const parts = name
      .replace(NOT_ALLOWED, '_')
      .split('/')
      .map((part) => (/^\.*$|^\s+$/.test(part) ? '_' : part))
    const nested = parts.join('/')
    let path = isFree(nested, taken) ? nested : parts.join('_')
    for (let count = 2; !isFree(path, taken); count++) path = `${parts.join('_')}_${count}`
    const lower = path.toLowerCase()
    taken.add(lower)
    // Folders on the way are marked, so that no file takes their place.
    for (let at = lower.indexOf('/'); at >= 0; at = lower.indexOf('/', at + 1)) {
      taken.add(`${lower.slice(0, at)}/`)
    }
    yield [path, value]
  }
}

function isFree(path: string, taken: ReadonlySet<string>): boolean {
  const lower = path.toLowerCase()
  if (taken.has(lower) || taken.has(`${lower}/`)) return false
  for (let at = lower.indexOf('/'); at >= 0; at = lower.indexOf('/', at + 1)) {
    if (taken.has(lower.slice(0, at))) return false
  }
  return true
}
