// Parallel coordinates: a line for each run through its place on every axis.
import { type RunEntry, runTitle } from '#workspace'
import { runsView } from '../runs-view.ts'
import { runColor } from '../shown-runs.ts'
import type { Axis } from './axis.ts'
import { useWidth } from './use-width.ts'

const HEIGHT = 240
const TOP = 34
const BOTTOM = 14
const SIDE = 56
/** Least room between axes. */
const MIN_GAP = 110

export function ParallelPlot({ runs, axes }: { runs: readonly RunEntry[]; axes: readonly Axis[] }) {
  const [ref, room] = useWidth()
  const width = Math.max(room, 2 * SIDE + MIN_GAP * (axes.length - 1))
  const xOf = (index: number) => SIDE + (index * (width - 2 * SIDE)) / Math.max(1, axes.length - 1)
  const yOf = (place: number) => HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM)
  const paths = runs.map((_, run) =>
    axes
      .map(({ places }, index) => ({ x: xOf(index), place: places[run] }))
      .filter(({ place }) => place !== undefined)
      .map(({ x, place }, index) => `${index === 0 ? 'M' : 'L'}${x} ${yOf(place!)}`)
      .join(''),
  )
  return (
    <figure ref={ref} className="runs-plot">
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`Parallel coordinates of ${runs.length} runs: ${axes.map(({ title }) => title).join(', ')}`}
      >
        {paths.map((path, index) => (
          <path
            key={runs[index]!.id}
            className="runs-path"
            d={path}
            style={{ stroke: `var(${runColor(runs[index]!.number)})` }}
            onClick={() => runsView.setState({ mode: 'table', opened: runs[index]!.id })}
          >
            <title>{runTitle(runs[index]!)}</title>
          </path>
        ))}
        {axes.map(({ title, labels }, index) => (
          <g key={title} transform={`translate(${xOf(index)} 0)`}>
            <line className="runs-axis" y1={yOf(1)} y2={yOf(0)} />
            <text className="runs-axis-title" y={14} textAnchor={anchorOf(index, axes.length)}>
              {short(title)}
              <title>{title}</title>
            </text>
            {labels.map(({ place, text }) => (
              <text
                key={text}
                className="runs-axis-label"
                x={index === axes.length - 1 ? 6 : -6}
                y={yOf(place) + 4}
                textAnchor={index === axes.length - 1 ? 'start' : 'end'}
              >
                {text}
              </text>
            ))}
          </g>
        ))}
      </svg>
    </figure>
  )
}

const LONGEST = 20
/** The end of a key tells most. */
const short = (title: string): string =>
  title.length <= LONGEST ? title : `…${title.slice(1 - LONGEST)}`

function anchorOf(index: number, count: number): 'start' | 'middle' | 'end' {
  if (index === 0) return 'start'
  return index === count - 1 ? 'end' : 'middle'
}
