// A chart with its legend, its tools and its pins; drawn only while it is in view.
import { X } from 'lucide-react'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Mark } from '../../store/run-marks.ts'
import type { Reference } from '../../store/run-slice.ts'
import { ContextMenu } from '../../ui/context-menu.tsx'
import { useTheme } from '../../shell/theme.ts'
import { ChartMenu, type ChartMenuProps, ChartTools } from './chart-menu.tsx'
import { chartState, maximise, togglePin, type Zoom } from './chart-state.ts'
import { crosshair, moveCrosshair } from './crosshair.ts'
import { keyDeed, movedView } from './gestures.ts'
import { Legend, type LegendHandle, type LegendLine } from './legend.tsx'
import { createPlot, type Plot } from './plot.ts'
import { type ChartContent, type ChartLine, type ChartSettings, placePins } from './scene.ts'
import { stepCrosshair, wordsAt } from './crosshair-keys.ts'
import { useSummary } from './summary.ts'
import { useSaving } from './use-saving.ts'
import { useStable } from './use-stable.ts'

export interface ChartProps {
  id: string
  title: string
  lines: readonly ChartLine[]
  references: readonly Reference[]
  marks: readonly Mark[]
  settings: ChartSettings
  zoom: Zoom | undefined
  isMaximised: boolean
  onZoom: (zoom: Zoom | undefined) => void
}

const HELP =
  'Arrow keys move the crosshair, with Shift the part in view; plus and minus zoom, 0 shows all, Enter pins a point.'

export function Chart(props: ChartProps) {
  const { id, title, lines, references, marks, settings, zoom, isMaximised, onZoom } = props
  const theme = useTheme()
  const [element, setElement] = useState<HTMLDivElement | null>(null)
  const [isInView, setInView] = useState(false)
  const [highlighted, setHighlighted] = useState<string>()
  const [notes, setNotes] = useState('')
  const [spoken, setSpoken] = useState('')
  const plot = useRef<Plot>(undefined)
  const legend = useRef<LegendHandle>(null)
  const hidden = useStore(chartState, (state) => state.hidden)
  const allPins = useStore(chartState, (state) => state.pins)
  const zoomTo = useRef(onZoom)
  useEffect(() => {
    zoomTo.current = onZoom
  })

  const content = useMemo<ChartContent>(
    () => ({
      lines: lines.filter(({ key }) => !hidden.has(key)),
      references,
      marks,
      pins: allPins.filter(({ chart }) => chart === id),
      settings,
      zoom,
      highlighted,
    }),
    [id, lines, hidden, references, marks, allPins, settings, zoom, highlighted],
  )
  const newest = useRef(content)

  useEffect(() => {
    if (!element) return undefined
    const observer = new IntersectionObserver(
      (entries) => setInView(entries.at(-1)!.isIntersecting),
      { rootMargin: '80px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])

  useEffect(() => {
    if (!element || !isInView) return undefined
    const created = createPlot(element, {
      onZoom: (next) => zoomTo.current(next),
      onPick: ({ line, step }) => togglePin({ chart: id, line: line.key, step }),
      onDraw(scene, x) {
        legend.current?.write(scene, x)
        setNotes(scene.notes.join(' · '))
      },
    })
    plot.current = created
    created.update(newest.current)
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      created.resize(Math.floor(width), Math.floor(height))
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      created.dispose()
      plot.current = undefined
    }
    // The theme's colours are on the canvas: another theme, another plot.
  }, [element, isInView, theme, id])

  useEffect(() => {
    newest.current = content
    if (plot.current) plot.current.update(content)
    else legend.current?.writeLast(content.lines)
  }, [content])

  const move = useCallback((deed: Parameters<typeof movedView>[2]) => {
    const scene = plot.current?.scene()
    if (scene) zoomTo.current(movedView(scene.x, scene.full, deed))
  }, [])

  function onKey(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape' && isMaximised) maximise(undefined)
    const deed = keyDeed(event.key, event.shiftKey)
    const scene = plot.current?.scene()
    if (deed === undefined || !scene) return
    event.preventDefault()
    if (deed === 'reset') onZoom(undefined)
    else if (deed === 'pin') {
      const point = wordsAt(scene, crosshair.getState().x).first
      if (point) togglePin({ chart: id, line: point.line.key, step: point.step })
    } else if ('move' in deed) move(deed.move)
    else {
      const x = stepCrosshair(scene, crosshair.getState().x, deed.crosshair)
      moveCrosshair(x)
      setSpoken(wordsAt(scene, x).text)
    }
  }

  const save = useSaving({ id, title, lines: content.lines, element, plot })
  const named = useStable<LegendLine>(lines, isSameEntry)
  const summary = useSummary(title, content)
  const pins = useMemo(() => placePins(content), [content])
  const showZoom = useCallback(
    (deed: 'in' | 'out' | 'reset') =>
      deed === 'reset' ? zoomTo.current(undefined) : move({ factor: deed === 'in' ? 2 : 0.5 }),
    [move],
  )
  const unpin = useCallback(() => newest.current.pins.forEach(togglePin), [])
  const deeds: ChartMenuProps = {
    id,
    title,
    isZoomed: zoom !== undefined,
    isMaximised,
    hasPins: content.pins.length > 0,
    onZoom: showZoom,
    onUnpin: unpin,
    onExport: save,
  }
  return (
    <figure className="chart" data-maximised={isMaximised || undefined}>
      <figcaption className="chart-caption">
        <span className="chart-title">{title}</span>
        {notes === '' ? null : <span className="chart-notes">{notes}</span>}
        <ChartTools {...deeds} />
        <span className="visually-hidden">{summary}</span>
      </figcaption>
      <Legend lines={named} hidden={hidden} onHighlight={setHighlighted} ref={legend} />
      <ContextMenu menu={<ChartMenu {...deeds} />}>
        <div
          ref={setElement}
          className="chart-plot"
          role="group"
          tabIndex={0}
          aria-label={`Chart of ${title}. ${HELP}`}
          onKeyDown={onKey}
          onBlur={() => moveCrosshair(undefined)}
        />
      </ContextMenu>
      <output className="visually-hidden" aria-live="polite">
        {spoken}
      </output>
      {pins.length === 0 ? null : (
        <ul className="chart-pins" aria-label="Pinned points">
          {pins.map(({ label, color, name, pin }) => (
            <li key={`${pin.line} ${pin.step}`}>
              <button type="button" title="Remove this pin" onClick={() => togglePin(pin)}>
                <span className="pin-dot" style={{ background: `var(${color})` }} />
                {name} {label}
                <X size={12} aria-hidden="true" />
                <span className="visually-hidden">, remove this pin</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

const isSameEntry = (a: LegendLine, b: LegendLine): boolean =>
  a.key === b.key && a.label === b.label && a.color === b.color && a.dash === b.dash
