// The charts on screen, and what can be asked of each from elsewhere.
import { createStore } from 'zustand/vanilla'

export type ExportFormat = 'png' | 'svg' | 'csv' | 'copy-png' | 'copy-csv'

export interface OpenChart {
  readonly id: string
  readonly title: string
  /** Says itself when it fails. */
  save(format: ExportFormat): void
}

export const openCharts = createStore<{ readonly charts: readonly OpenChart[] }>(() => ({
  charts: [],
}))

/** Returns its end. */
export function openChart(chart: OpenChart): () => void {
  openCharts.setState(({ charts }) => ({ charts: [...charts, chart] }))
  return () =>
    openCharts.setState(({ charts }) => ({ charts: charts.filter((it) => it !== chart) }))
}
