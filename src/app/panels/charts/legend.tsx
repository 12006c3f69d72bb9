// The lines of a chart by name, with their values at the crosshair; a click hides one, pointing at it lifts it out.
import { memo, type Ref, useImperativeHandle, useRef } from 'react'
import { formatValue } from '../../ui/format.ts'
import { soloLine, toggleLine } from './chart-state.ts'
import { pointOf } from './readout.ts'
import { type ChartLine, DASHES, type Scene } from './scene.ts'

/** Values are written many times a second: past React. */
export interface LegendHandle {
  /** Values at `x`, or the last ones without it. */
  write(scene: Scene, x: number | undefined): void
}

interface LegendProps {
  lines: readonly ChartLine[]
  hidden: ReadonlySet<string>
  onHighlight: (key: string | undefined) => void
  ref: Ref<LegendHandle>
}

export const Legend = memo(function Legend({ lines, hidden, onHighlight, ref }: LegendProps) {
  const values = useRef(new Map<string, HTMLElement>())
  useImperativeHandle(ref, () => ({
    write(scene, x) {
      for (const placed of scene.lines) {
        const element = values.current.get(placed.line.key)
        const { series } = placed.line
        const value = x === undefined ? series.values[series.length - 1] : pointOf(placed, x)?.value
        const text = value === undefined ? '–' : formatValue(value)
        if (element && element.textContent !== text) element.textContent = text
      }
    },
  }))
  const keys = lines.map(({ key }) => key)
  return (
    <ul className="chart-legend" data-many={lines.length > 6 || undefined} aria-label="Lines">
      {lines.map(({ key, label, color, dash }) => (
        <li key={key}>
          <button
            type="button"
            className="legend-item"
            aria-pressed={!hidden.has(key)}
            title={`${label}: click to hide or show, Alt and click for this line alone`}
            onClick={(event) => (event.altKey ? soloLine(key, keys) : toggleLine(key))}
            onPointerEnter={() => onHighlight(key)}
            onPointerLeave={() => onHighlight(undefined)}
            onFocus={() => onHighlight(key)}
            onBlur={() => onHighlight(undefined)}
          >
            <svg className="legend-swatch" width="16" height="4" aria-hidden="true">
              <line
                x1="0"
                x2="16"
                y1="2"
                y2="2"
                stroke={`var(${color})`}
                strokeWidth="2"
                strokeDasharray={DASHES[dash % DASHES.length]!.join(' ')}
              />
            </svg>
            <span className="legend-label">{label}</span>
            <span
              className="legend-value numeric"
              ref={(element) => {
                if (element) values.current.set(key, element)
                else values.current.delete(key)
              }}
            />
          </button>
        </li>
      ))}
    </ul>
  )
})
