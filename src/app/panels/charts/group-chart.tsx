// One chart of metrics of all shown runs: which lines it has, in which colours.
import type { ShownRun } from '../../runs/index.ts'
import { isActive } from '../../store/run-slice.ts'
import type { Mark } from '../../store/run-marks.ts'
import { emptySeries } from '../../store/series.ts'
import { Chart, type ChartProps } from './chart.tsx'
import type { ChartGroup } from './chart-groups.ts'
import type { ChartLine } from './scene.ts'
import { useStable } from './use-stable.ts'

const SERIES_COLORS = 8
const NO_MARKS: readonly Mark[] = []

interface GroupChartProps extends Pick<ChartProps, 'settings' | 'zoom' | 'isMaximised' | 'onZoom'> {
  group: ChartGroup
  shown: readonly ShownRun[]
}

export function GroupChart({ group, shown, ...rest }: GroupChartProps) {
  const front = shown[0]?.record
  const lines = useStable(linesOf(group.metrics, shown), isSameLine)
  const references = useStable(
    (front?.references ?? []).filter(({ metric }) => group.metrics.includes(metric)),
    (a, b) => a === b,
  )
  return (
    <Chart
      id={group.id}
      title={group.title}
      lines={lines}
      references={references}
      marks={front?.marks ?? NO_MARKS}
      {...rest}
    />
  )
}

/** A run alone has a colour for each metric; of several each has its own, and its metrics differ by their dashes. */
function linesOf(metrics: readonly string[], shown: readonly ShownRun[]): ChartLine[] {
  const isAlone = shown.length === 1
  return shown.flatMap(({ record, title, color, isCurrent }) =>
    metrics.flatMap((metric, index): ChartLine[] => {
      const series = record.series[metric]
      if (!series && !(isCurrent || isAlone)) return []
      return [
        {
          key: `${record.id}:${metric}`,
          label: isAlone ? metric : metrics.length === 1 ? title : `${title} · ${metric}`,
          color: isAlone ? `--series-${(index % SERIES_COLORS) + 1}` : color,
          dash: isAlone ? 0 : index,
          series: series ?? emptySeries,
          stepsPerEpoch: record.setup?.stepsPerEpoch,
          isLive: isActive(record),
          metric,
          run: title,
        },
      ]
    }),
  )
}

const isSameLine = (a: ChartLine, b: ChartLine): boolean =>
  a.series === b.series &&
  a.key === b.key &&
  a.label === b.label &&
  a.color === b.color &&
  a.dash === b.dash &&
  a.isLive === b.isLive &&
  a.stepsPerEpoch === b.stepsPerEpoch
