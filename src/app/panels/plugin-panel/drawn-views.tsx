// Curves, bars and graphs that plugins describe, each as one picture with its legend.
import { useMemo } from 'react'
import { plural } from '../../ui/format.ts'
import { barSource } from './bar-picture.ts'
import type { Bars, GraphContent, Lines } from './content-types.ts'
import { graphSource } from './graph-picture.ts'
import { lineSource } from './line-picture.ts'
import { Picture } from './picture.tsx'

const COLORS = 8

function Legend({ names }: { names: readonly string[] }) {
  return (
    <ul className="picture-legend">
      {names.map((name, index) => (
        <li key={index}>
          <svg width="12" height="4" aria-hidden="true">
            <rect width="12" height="4" fill={`var(--series-${(index % COLORS) + 1})`} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  )
}

export function LineView({ lines, xLabel, yLabel }: Lines) {
  const source = useMemo(() => lineSource({ lines, xLabel, yLabel }), [lines, xLabel, yLabel])
  return (
    <div className="pictures" data-single>
      <Picture summary={plural(lines.length, 'line')} source={source} />
      <Legend names={lines.map(({ name }) => name)} />
    </div>
  )
}

export function BarView({ labels, bars, valueLabel }: Bars) {
  const source = useMemo(() => barSource({ labels, bars }), [labels, bars])
  return (
    <div className="pictures" data-single>
      <Picture
        title={valueLabel}
        summary={`bars of ${plural(labels.length, 'name')}`}
        source={source}
      />
      <Legend names={bars.map(({ name }) => name)} />
    </div>
  )
}

export function GraphView({ nodes, edges }: GraphContent) {
  const source = useMemo(() => graphSource({ nodes, edges }), [nodes, edges])
  return (
    <div className="pictures" data-single>
      <Picture
        summary={`graph of ${plural(nodes.length, 'node')} and ${plural(edges.length, 'arrow')}`}
        source={source}
      />
    </div>
  )
}
