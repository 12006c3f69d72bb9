// What the table of runs can show: facts, metrics, keys of the config, tags.
import { improves } from '#sdk'
import { differingKeys, flatten, type FlatValue, type RunEntry, runTitle } from '#workspace'

export type Cell = FlatValue | undefined
/** Which value of a metric stands for it. */
export const figures = ['last', 'best', 'min', 'max'] as const
export type Figure = (typeof figures)[number]

export interface Column {
  readonly id: string
  readonly title: string
  readonly kind: 'text' | 'number' | 'time' | 'duration'
  value(entry: RunEntry): Cell
}

const flats = new WeakMap<object, ReadonlyMap<string, FlatValue>>()
const nothing: ReadonlyMap<string, FlatValue> = new Map()

/** The config of a run by keys with dots; each is taken apart once. */
export function configOf({ setup }: RunEntry): ReadonlyMap<string, FlatValue> {
  if (typeof setup?.config !== 'object' || setup.config === null) return nothing
  const known = flats.get(setup.config)
  if (known) return known
  const flat = flatten(setup.config)
  flats.set(setup.config, flat)
  return flat
}

/** Whether more of a metric is better. */
export const rises = (metric: string): boolean => improves({ monitor: metric, mode: 'auto' }, 1, 0)

export function figureOf(entry: RunEntry, metric: string, figure: Figure): number | undefined {
  const all = entry.metrics[metric]
  if (!all) return undefined
  return all[figure === 'best' ? (rises(metric) ? 'max' : 'min') : figure]
}

export const tagText = (tag: string, value: string): string =>
  value === '' ? tag : `${tag}: ${value}`

export const tagTexts = ({ tags }: RunEntry): string[] =>
  Object.entries(tags).map(([tag, value]) => tagText(tag, value))

const FACTS: readonly Column[] = [
  { id: 'run', title: 'Run', kind: 'text', value: runTitle },
  { id: 'state', title: 'State', kind: 'text', value: ({ state }) => state.replace('_', ' ') },
  { id: 'started', title: 'Started', kind: 'time', value: ({ startedAt }) => startedAt },
  {
    id: 'duration',
    title: 'Duration',
    kind: 'duration',
    value: ({ startedAt, endedAt }) => endedAt && endedAt - startedAt,
  },
  { id: 'step', title: 'Step', kind: 'number', value: ({ step }) => step },
  { id: 'epoch', title: 'Epoch', kind: 'number', value: ({ epoch }) => epoch },
  { id: 'tags', title: 'Tags', kind: 'text', value: (entry) => tagTexts(entry).join(', ') },
  { id: 'notes', title: 'Notes', kind: 'text', value: ({ notes }) => notes },
  { id: 'device', title: 'Device', kind: 'text', value: ({ device }) => device },
  { id: 'experiment', title: 'Experiment', kind: 'text', value: ({ setup }) => setup?.name },
  {
    id: 'parameters',
    title: 'Parameters',
    kind: 'number',
    value: ({ setup }) => setup?.parameterCount,
  },
  { id: 'files', title: 'Files', kind: 'text', value: ({ files }) => files },
]

export function columnOf(id: string, figure: Figure): Column {
  const fact = FACTS.find((column) => column.id === id)
  if (fact) return fact
  const at = id.indexOf(':')
  const [kind, name] = [id.slice(0, at), id.slice(at + 1)]
  if (kind === 'metric') {
    return { id, title: name, kind: 'number', value: (entry) => figureOf(entry, name, figure) }
  }
  if (kind === 'tag') return { id, title: name, kind: 'text', value: ({ tags }) => tags[name] }
  return { id, title: shortKey(name), kind: 'text', value: (entry) => configOf(entry).get(name) }
}

/** The end of a key tells most: `optimizer.learning_rate` of `training.optimizer.learning_rate`. */
const shortKey = (key: string): string => key.replace(/^training\./, '')

/** Every column that these runs have something in. */
export function columnIds(entries: readonly RunEntry[]) {
  const metrics = new Set(entries.flatMap(({ metrics: all }) => Object.keys(all)))
  const config = new Set(entries.flatMap((entry) => [...configOf(entry).keys()]))
  const tags = new Set(entries.flatMap((entry) => Object.keys(entry.tags)))
  return {
    facts: FACTS.map(({ id }) => id),
    metrics: [...metrics].map((name) => `metric:${name}`),
    config: [...config].map((name) => `config:${name}`),
    tags: [...tags].map((name) => `tag:${name}`),
  }
}

/** Metrics that tell most, before others. */
const FIRST = ['val_loss', 'val_accuracy', 'loss', 'accuracy']
const MOST_METRICS = 4
const MOST_KEYS = 5
/** Differ without telling anything. */
const DULL = /^(?:name$|tags(?:\.|$))/

/** So many of the newest runs tell which columns are shown first. */
const MOST_RUNS = 200

/** What is shown until the user chooses: how runs went, and what of their configs differs. */
export function defaultColumns(all: readonly RunEntry[]): string[] {
  const entries = all.slice(0, MOST_RUNS)
  const { metrics } = columnIds(entries)
  const first = FIRST.map((name) => `metric:${name}`).filter((id) => metrics.includes(id))
  const shown = [...new Set([...first, ...metrics])].slice(0, MOST_METRICS)
  const built = entries.filter(({ setup }) => setup !== undefined)
  const keys = differingKeys(built.map(configOf)).filter((key) => !DULL.test(key))
  return [
    'run',
    'state',
    'started',
    'duration',
    ...shown,
    ...keys.slice(0, MOST_KEYS).map((key) => `config:${key}`),
    'tags',
  ]
}

const texts = new WeakMap<RunEntry, readonly string[]>()

/** What a filter looks at. */
export function textsOf(entry: RunEntry): readonly string[] {
  const known = texts.get(entry)
  if (known) return known
  const made = [
    runTitle(entry),
    entry.state.replace('_', ' '),
    entry.notes,
    entry.device ?? '',
    ...tagTexts(entry),
    ...[...configOf(entry)].map(([key, value]) => `${key}=${value}`),
  ]
  texts.set(entry, made)
  return made
}
