// Which metrics share a chart: those a plugin's chart panel names, and a metric with its validation twin.
import type { PanelSpec } from '#sdk'

export interface ChartGroup {
  id: string
  title: string
  metrics: string[]
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
    const base = name.replace(VALIDATION, '')
    rest.set(base, [...(rest.get(base) ?? []), name])
  }
  for (const [base, names] of rest) {
    groups.push({ id: base, title: titleOf(base), metrics: names.toSorted(byTwin) })
  }
  return groups
}

/** `learning_rate` → `Learning rate`. */
const titleOf = (metric: string): string =>
  (metric[0]?.toUpperCase() + metric.slice(1)).replaceAll('_', ' ')

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

const byTwin = (a: string, b: string): number =>
  Number(VALIDATION.test(a)) - Number(VALIDATION.test(b)) || a.localeCompare(b)
