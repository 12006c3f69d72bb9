// A graph on a canvas that is moved and zoomed: edges and frames; its boxes are whatever the caller draws.
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { IconButton } from '../../ui/button.tsx'
import type { Edge, Place } from './layered.ts'
import { useView } from './use-view.ts'
import './graph.css'

interface GraphDrawingProps {
  /** What it is a graph of: `the model`. */
  subject: string
  drawing: {
    readonly frames?: readonly (Place & { readonly title: string })[]
    readonly edges: readonly Edge[]
    readonly width: number
    readonly height: number
  }
  /** Buttons for zooming; keys and wheel are there without them. */
  hasButtons?: boolean
  /** The boxes; `reveal` brings one into view, when focus comes to it. */
  children: (reveal: (box: Place) => void) => ReactNode
}

export function GraphDrawing({ subject, drawing, hasButtons = true, children }: GraphDrawingProps) {
  const { frames = [], edges, width, height } = drawing
  const { area, transform, onKeyDown, onPointerDown, onPointerMove, zoomIn, zoomOut, fit, reveal } =
    useView(drawing)
  const arrow = useId()
  return (
    <div className="graph-drawing">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys move it */}
      <div
        ref={area}
        className="graph-area"
        role="group"
        aria-label={`Graph of ${subject}. Arrow keys move it, plus and minus zoom, 0 shows all of it.`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
      >
        <div className="graph-canvas" style={{ width, height, transform }}>
          {frames.map(({ title, x, y, width: w, height: h }) => (
            <div
              key={title}
              className="graph-frame"
              style={{ left: x, top: y, width: w, height: h }}
            >
              <span>{title}</span>
            </div>
          ))}
          <svg width={width} height={height} aria-hidden="true">
            <defs>
              <marker
                id={arrow}
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
                markerEnd={`url(#${arrow})`}
              />
            ))}
          </svg>
          {children(reveal)}
        </div>
      </div>
      {hasButtons ? (
        <div className="graph-zoom">
          <IconButton label="Zoom in" icon={<ZoomIn size={16} />} onClick={zoomIn} />
          <IconButton label="Zoom out" icon={<ZoomOut size={16} />} onClick={zoomOut} />
          <IconButton label="Show all of it" icon={<Maximize size={16} />} onClick={fit} />
        </div>
      ) : null}
    </div>
  )
}
