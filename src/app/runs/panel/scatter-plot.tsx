// One key of the config against one metric: a dot for each run.
import { type RunEntry, runTitle } from '#workspace'
import { runsView } from '../runs-view.ts'
import { runColor } from '../shown-runs.ts'
import type { Axis } from './axis.ts'
import { useWidth } from './use-width.ts'

const HEIGHT = 260
const LEFT = 78
const BOTTOM = 44
const PAD = 14

interface ScatterPlotProps {
  runs: readonly RunEntry[]
  x: Axis
  y: Axis
}

export function ScatterPlot({ runs, x, y }: ScatterPlotProps) {
  const [ref, width] = useWidth()
  const xOf = (place: number) => LEFT + PAD + place * Math.max(0, width - LEFT - 3 * PAD)
  const yOf = (place: number) => HEIGHT - BOTTOM - PAD - place * (HEIGHT - BOTTOM - 3 * PAD)
  return (
    <figure ref={ref} className="runs-plot">
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`${y.title} against ${x.title} of ${runs.length} runs`}
      >
        <path className="runs-axis" d={`M${LEFT} ${PAD}V${HEIGHT - BOTTOM}H${width - PAD}`} />
        {y.labels.map(({ place, text }) => (
          <text
            key={text}
            className="runs-axis-label"
            x={LEFT - 6}
            y={yOf(place) + 4}
            textAnchor="end"
          >
            {text}
          </text>
        ))}
        {x.labels.map(({ place, text }) => (
          <text
            key={text}
            className="runs-axis-label"
            x={xOf(place)}
            y={HEIGHT - BOTTOM + 16}
            textAnchor="middle"
          >
            {text}
          </text>
        ))}
        <text className="runs-axis-title" x={(LEFT + width) / 2} y={HEIGHT - 8} textAnchor="middle">
          {x.title}
        </text>
        <text
          className="runs-axis-title"
          transform={`translate(14 ${(HEIGHT - BOTTOM) / 2}) rotate(-90)`}
          textAnchor="middle"
        >
          {y.title}
        </text>
        {runs.map((run, index) => {
          const [left, top] = [x.places[index], y.places[index]]
          return left === undefined || top === undefined ? null : (
            <circle
              key={run.id}
              className="runs-point"
              cx={xOf(left)}
              cy={yOf(top)}
              r={4.5}
              style={{ fill: `var(${runColor(run.number)})` }}
              onClick={() => runsView.setState({ mode: 'table', opened: run.id })}
            >
              <title>{runTitle(run)}</title>
            </circle>
          )
        })}
      </svg>
    </figure>
  )
}
