// A small line of values over the steps of a run, with the latest in figures.
import type { Sample } from '../../store/profile-slice.ts'

interface SparkLineProps {
  title: string
  samples: readonly Sample[]
  valueOf: (sample: Sample) => number | undefined
  format: (value: number) => string
}

const WIDTH = 200
const HEIGHT = 32

export function SparkLine({ title, samples, valueOf, format }: SparkLineProps) {
  const points = samples.flatMap((sample) => {
    const value = valueOf(sample)
    return value === undefined ? [] : [{ step: sample.step, value }]
  })
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return null
  const values = points.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (step: number) => ((step - first.step) / Math.max(1, last.step - first.step)) * WIDTH
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - 2 - ((value - low) / (high - low)) * (HEIGHT - 4)
  return (
    <div className="spark">
      <p className="spark-title">
        {title} <strong className="numeric">{format(last.value)}</strong>
      </p>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${format(low)} to ${format(high)}, ${format(last.value)} at step ${last.step}`}
      >
        <polyline points={points.map(({ step, value }) => `${x(step)},${y(value)}`).join(' ')} />
      </svg>
      <p className="spark-range numeric">
        {low === high ? 'steady' : `${format(low)} to ${format(high)}`}
      </p>
    </div>
  )
}
