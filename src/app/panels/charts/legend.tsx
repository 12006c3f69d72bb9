// The lines of a chart by name, with their values at the crosshair; a click hides one, pointing at it lifts it out.
import { memo, type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react'
import { formatValue } from '../../ui/format.ts'
import { soloLine, toggleLine } from './chart-state.ts'
import { pointOf } from './readout.ts'
import { type ChartLine, DASHES, type Scene } from './scene.ts'

/** Values are written many times a second: past React. */
export interface LegendHandle {
  /** Values at `x`, or the last ones without it. */
  write(scene: Scene, x: number | undefined): void
  /** The last values, of a chart that is not drawn for now. */
  writeLast(lines: readonly ChartLine[]): void
}

/** Lines that are named at once, and how many stay of a longer list until it is asked for. */
const MANY_LINES = 12
const FIRST_LINES = 9

export type LegendLine = Pick<ChartLine, 'key' | 'label' | 'color' | 'dash'>

interface LegendProps {
  /** The same list until a line comes or goes. */
  lines: readonly LegendLine[]
  hidden: ReadonlySet<string>
  onHighlight: (key: string | undefined) => void
  ref: Ref<LegendHandle>
}

export const Legend = memo(function Legend({ lines, hidden, onHighlight, ref }: LegendProps) {
  const [isWhole, setWhole] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const values = useRef(new Map<string, HTMLElement>())
  /** Of a long list few are in view: the others' values are written when they are scrolled to. */
  const seen = useRef(new Set<Element>())
  const last = useRef<Parameters<LegendHandle['write']>>(undefined)

  const handle = useMemo<LegendHandle>(
    () => ({
      write(scene, x) {
        last.current = [scene, x]
        for (const placed of scene.lines) {
          const element = values.current.get(placed.line.key)
          if (!element || !seen.current.has(element)) continue
          writeValue(element, x === undefined ? lastOf(placed.line) : pointOf(placed, x)?.value)
        }
      },
      writeLast(lasting) {
        for (const line of lasting) {
          const element = values.current.get(line.key)
          if (element) writeValue(element, lastOf(line))
        }
      },
    }),
    [],
  )
  useImperativeHandle(ref, () => handle, [handle])

  useEffect(() => {
    const inView = seen.current
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) inView.add(target)
          else inView.delete(target)
        }
        if (last.current) handle.write(...last.current)
      },
      { root: list.current },
    )
    for (const element of values.current.values()) observer.observe(element)
    return () => {
      observer.disconnect()
      inView.clear()
    }
  }, [lines, isWhole, handle])

  const keys = lines.map(({ key }) => key)
  const isCut = !isWhole && lines.length > MANY_LINES
  const listed = isCut ? lines.slice(0, FIRST_LINES) : lines
  return (
    <ul ref={list} className="chart-legend" aria-label="Lines">
      {listed.map(({ key, label, color, dash }) => (
        <li key={key}>
          <button
            type="button"
            className="legend-item"
            aria-pressed={!hidden.has(key)}
            title={`${label}: click to hide or show; Alt and click, or a long press, for this line alone`}
            onClick={(event) => (event.altKey ? soloLine(key, keys) : toggleLine(key))}
            onContextMenu={(event) => {
              event.preventDefault()
              soloLine(key, keys)
            }}
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
      {lines.length > MANY_LINES ? (
        <li>
          <button type="button" className="legend-more" onClick={() => setWhole(isCut)}>
            {isCut ? `and ${lines.length - FIRST_LINES} more` : 'show fewer'}
          </button>
        </li>
      ) : null}
    </ul>
  )
})

const lastOf = ({ series }: ChartLine): number | undefined => series.values[series.length - 1]

function writeValue(element: HTMLElement, value: number | undefined): void {
  const text = value === undefined ? '–' : formatValue(value)
  if (element.textContent !== text) element.textContent = text
}
