// Which plugins the list shows, under which headings, in which order.
import type { PluginInfo } from '#protocol'
import { nameOf } from '../../store/engine-slice.ts'

export const ORDERS = [
  { value: 'name', label: 'By name' },
  { value: 'time', label: 'Most time first' },
  { value: 'state', label: 'By state' },
] as const
export type Order = (typeof ORDERS)[number]['value']

export const GROUPINGS = [
  { value: 'origin', label: 'Own and built-in' },
  { value: 'category', label: 'By category' },
  { value: 'none', label: 'No groups' },
] as const
export type Grouping = (typeof GROUPINGS)[number]['value']

export interface Choice {
  /** Words, or parts of some, of name, category, state, description or tags; any case. */
  readonly query: string
  readonly isUsedOnly: boolean
  readonly order: Order
  readonly grouping: Grouping
}

/** Failed ones first: they call for something. */
const STATES: readonly PluginInfo['state'][] = [
  'failed',
  'running',
  'stopped',
  'initialized',
  'loaded',
  'validated',
  'cleaned',
  'discovered',
]

const compare: Record<Order, (a: PluginInfo, b: PluginInfo) => number> = {
  name: (a, b) => nameOf(a).localeCompare(nameOf(b)),
  time: (a, b) => b.totalMs - a.totalMs || nameOf(a).localeCompare(nameOf(b)),
  state: (a, b) =>
    STATES.indexOf(a.state) - STATES.indexOf(b.state) || nameOf(a).localeCompare(nameOf(b)),
}

const isUsed = ({ state }: PluginInfo): boolean => !['discovered', 'cleaned'].includes(state)

function matches({ manifest, state }: PluginInfo, words: readonly string[]): boolean {
  const { name, category, description, tags } = manifest
  const text = [name, category, state, description, ...tags].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}

/** Headings with their plugins; without groups, one heading without a word. */
export function arrange(
  plugins: readonly PluginInfo[],
  { query, isUsedOnly, order, grouping }: Choice,
): readonly (readonly [title: string, members: readonly PluginInfo[]])[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = plugins
    .filter((plugin) => matches(plugin, words) && (!isUsedOnly || isUsed(plugin)))
    .toSorted(compare[order])
  if (grouping === 'none') return shown.length > 0 ? [['', shown]] : []
  const groups = new Map<string, PluginInfo[]>()
  const first = grouping === 'origin' ? ['Workspace', 'Built-in'] : []
  for (const title of first) groups.set(title, [])
  for (const plugin of shown) {
    const title =
      grouping === 'category'
        ? plugin.manifest.category
        : plugin.origin === 'workspace'
          ? 'Workspace'
          : 'Built-in'
    groups.set(title, [...(groups.get(title) ?? []), plugin])
  }
  const sorted =
    grouping === 'category' ? [...groups].toSorted(([a], [b]) => a.localeCompare(b)) : [...groups]
  return sorted.filter(([, members]) => members.length > 0)
}
