// Which metrics share a chart, and which charts a section: those a plugin's panel names, twins, what has one prefix.
import type { PanelSpec } from '#sdk'

export interface ChartGroup {
  id: string
  title: string
  metrics: string[]
}

/** Charts of metrics with one prefix: `norm/…`. */
export interface ChartSection {
  /** The prefix; empty for metrics without one, and for panels of plugins. */
  prefix: string
  groups: ChartGroup[]
}

const VALIDATION = /^(?:val|validation)_/

/** Charts for `metrics`: those of panels first, in their order, then the rest by name. */
export function chartGroups(
  metrics: readonly string[],
  panels: readonly PanelSpec[],
): ChartGroup[] {
  const left = new Set(metrics)
  const groups: ChartGroup[] = []
  for (const { id, title, metrics: patterns = [] } of panels) {
    const own = patterns.flatMap((pattern) => metrics.filter((name) => matches(pattern, name)))
    groups.push({ id: `panel:${id}`, title, metrics: [...new Set(own)] })
    for (const name of own) left.delete(name)
  }
  const rest = new Map<string, string[]>()
  for (const name of left) {
    const base = baseOf(name)
    rest.set(base, [...(rest.get(base) ?? []), name])
  }
  for (const [base, names] of rest) {
    groups.push({ id: base, title: titleOf(base), metrics: names.toSorted(byTwin) })
  }
  return groups.filter((group) => group.metrics.length > 0)
}

/** Groups by the prefix of their metrics, those without one first. */
export function chartSections(groups: readonly ChartGroup[]): ChartSection[] {
  const sections = new Map<string, ChartGroup[]>([['', []]])
  for (const group of groups) {
    const prefix = group.id.startsWith('panel:') ? '' : prefixOf(group.id)
    sections.set(prefix, [...(sections.get(prefix) ?? []), group])
  }
  return [...sections]
    .filter(([, own]) => own.length > 0)
    .map(([prefix, own]) => ({ prefix, groups: own }))
}

/** Charts whose title or metrics match: a regular expression, or plain text where it is none. */
export function filterGroups(groups: readonly ChartGroup[], filter: string): readonly ChartGroup[] {
  if (filter.trim() === '') return groups
  const fits = matcher(filter.trim())
  return groups.filter(({ title, metrics }) => fits(title) || metrics.some(fits))
}

function matcher(filter: string): (text: string) => boolean {
  try {
    const pattern = new RegExp(filter, 'i')
    return (text) => pattern.test(text)
  } catch {
    const lower = filter.toLowerCase()
    return (text) => text.toLowerCase().includes(lower)
  }
}

const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')))

/** Name without the mark of validation: `norm/val_x` → `norm/x`. */
function baseOf(name: string): string {
  const prefix = prefixOf(name)
  const last = prefix === '' ? name : name.slice(prefix.length + 1)
  const base = last.replace(VALIDATION, '')
  return prefix === '' ? base : `${prefix}/${base}`
}

/** `learning_rate` → `Learning rate`; a prefix stands above the chart. */
function titleOf(metric: string): string {
  const name = metric.slice(metric.lastIndexOf('/') + 1) || metric
  return (name[0]?.toUpperCase() + name.slice(1)).replaceAll('_', ' ')
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

const isTwin = (name: string): boolean => baseOf(name) !== name
const byTwin = (a: string, b: string): number =>
  Number(isTwin(a)) - Number(isTwin(b)) || a.localeCompare(b)
