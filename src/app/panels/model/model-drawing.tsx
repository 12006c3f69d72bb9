// A model drawn as a graph; a node leads to its line.
import { useMemo } from 'react'
import type { ModelGraph } from '#protocol'
import { GraphDrawing } from '../graph/graph-drawing.tsx'
import { goTo } from '../../shell/navigation.ts'
import { formatCount } from '../../ui/format.ts'
import { type Box, drawingOf } from './layout.ts'
import { showShape } from './show-shape.ts'

export function ModelDrawing({ graph }: { graph: ModelGraph }) {
  const drawing = useMemo(() => drawingOf(graph, formatCount), [graph])
  return (
    <GraphDrawing subject="the model" drawing={drawing}>
      {(reveal) =>
        drawing.boxes.map((box) => <NodeBox key={box.id} box={box} onFocus={() => reveal(box)} />)
      }
    </GraphDrawing>
  )
}

function NodeBox({ box, onFocus }: { box: Box; onFocus: () => void }) {
  const { kind, title, type, detail, node, x, y, width, height } = box
  const style = { left: x, top: y, width, height }
  const content = (
    <>
      <span className="graph-title">
        <strong>{title}</strong> <span>{type}</span>
      </span>
      {detail === '' ? null : <span className="graph-detail">{detail}</span>}
    </>
  )
  const className = `graph-box model-box-${kind}`
  const { source } = node ?? {}
  if (!source) {
    return (
      <div className={className} style={style} title={describe(box)}>
        {content}
      </div>
    )
  }
  return (
    <button
      type="button"
      className={className}
      style={style}
      title={describe(box)}
      onFocus={onFocus}
      onClick={() => goTo(source)}
    >
      {content}
    </button>
  )
}

function describe({ node, title }: Box): string {
  if (!node) return title
  const weights = node.weights.map(({ name, shape }) => `${name} ${showShape(shape)}`)
  return [`${node.path}: ${node.type}`, ...weights].join('\n')
}
