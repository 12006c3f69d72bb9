// A model drawn as a graph; a node leads to its line.
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { useMemo } from 'react'
import type { ModelGraph } from '#protocol'
import { goTo } from '../../shell/navigation.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { type Box, drawingOf } from './layout.ts'
import { showShape } from './show-shape.ts'
import { useView } from './use-view.ts'

export function ModelDrawing({ graph }: { graph: ModelGraph }) {
  const drawing = useMemo(() => drawingOf(graph, formatCount), [graph])
  const { boxes, frames, edges, width, height } = drawing
  const { area, transform, onKeyDown, onPointerDown, onPointerMove, zoomIn, zoomOut, fit, reveal } =
    useView(drawing)
  return (
    <div className="model-drawing">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys move it */}
      <div
        ref={area}
        className="model-area"
        role="group"
        aria-label="Graph of the model. Arrow keys move it, plus and minus zoom, 0 shows all of it."
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
      >
        <div className="model-canvas" style={{ width, height, transform }}>
          {frames.map(({ title, x, y, width: w, height: h }) => (
            <div
              key={title}
              className="model-frame"
              style={{ left: x, top: y, width: w, height: h }}
            >
              <span>{title}</span>
            </div>
          ))}
          <svg width={width} height={height} aria-hidden="true">
            <defs>
              <marker
                id="model-arrow"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto"
              >
                <path d="M0 0 L8 4 L0 8 z" />
              </marker>
            </defs>
            {edges.map(({ id, points }) => (
              <polyline
                key={id}
                points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
                markerEnd="url(#model-arrow)"
              />
            ))}
          </svg>
          {boxes.map((box) => (
            <NodeBox key={box.id} box={box} onFocus={() => reveal(box)} />
          ))}
        </div>
      </div>
      <div className="model-zoom">
        <IconButton label="Zoom in" icon={<ZoomIn size={16} />} onClick={zoomIn} />
        <IconButton label="Zoom out" icon={<ZoomOut size={16} />} onClick={zoomOut} />
        <IconButton label="Show all of it" icon={<Maximize size={16} />} onClick={fit} />
      </div>
    </div>
  )
}

function NodeBox({ box, onFocus }: { box: Box; onFocus: () => void }) {
  const { kind, title, type, detail, node, x, y, width, height } = box
  const style = { left: x, top: y, width, height }
  const content = (
    <>
      <span className="model-title">
        <strong>{title}</strong> <span>{type}</span>
      </span>
      {detail === '' ? null : <span className="model-detail">{detail}</span>}
    </>
  )
  const className = `model-box model-box-${kind}`
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
