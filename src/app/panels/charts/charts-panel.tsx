// All charts of the runs that are shown; what draws them is fetched when there is something to draw.
import { ChartLine as ChartIcon } from 'lucide-react'
import { useRuns, useShownRuns } from '../../runs/index.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { late } from '../../ui/late.tsx'
import { StartRun } from '../../session/start-run.tsx'

export const ChartBoard = late(async () => (await import('./chart-board.tsx')).ChartBoard)

export function ChartsPanel() {
  const hasMetrics = useShownRuns().some(
    ({ record }) => Object.keys(record.series).length > 0 || record.references.length > 0,
  )
  const hasRuns = useRuns(({ entries }) => entries.length > 0)
  return hasMetrics || hasRuns ? <ChartBoard isEmpty={!hasMetrics} /> : <NoMetrics />
}

const NoMetrics = () => (
  <EmptyState icon={<ChartIcon size={28} />} title="No metrics yet">
    <p>Press Run: loss and metrics are drawn here while the model trains.</p>
    <StartRun />
  </EmptyState>
)
