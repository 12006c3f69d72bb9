// A picture on a canvas whose parts can be pointed at, with the mouse, by touch or with the arrow keys.
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { useTheme } from '../../shell/theme.ts'
import { openSurface, type Surface } from './surface.ts'

export type ArrowKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

/** What a picture draws, and what its parts are. Parts are numbered from 0. */
export interface PictureSource {
  /** Height in pixels for a width. */
  height(width: number): number
  draw(surface: Surface, pointed: number | undefined): void
  /** The part at a place of the picture. */
  at(x: number, y: number, width: number): number | undefined
  /** The part that an arrow key leads to. */
  next(part: number, key: ArrowKey): number
  /** The part in words. */
  describe(part: number): string
}

interface PictureProps {
  title?: string | undefined
  /** What it shows, for those who don't see it. */
  summary: string
  source: PictureSource
}

const ARROWS: ReadonlySet<string> = new Set<ArrowKey>([
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
])

export function Picture({ title, summary, source }: PictureProps) {
  const theme = useTheme()
  const canvas = useRef<HTMLCanvasElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const [pointed, setPointed] = useState<number>()

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(frame.current!)
    return () => observer.disconnect()
  }, [])

  const height = source.height(width)
  useEffect(() => {
    if (width === 0) return
    const request = requestAnimationFrame(() => {
      const surface = openSurface(canvas.current!, width, height)
      if (surface) source.draw(surface, pointed)
    })
    return () => cancelAnimationFrame(request)
  }, [source, width, height, pointed, theme])

  function onPointer({ clientX, clientY }: PointerEvent) {
    const { left, top } = canvas.current!.getBoundingClientRect()
    setPointed(source.at(clientX - left, clientY - top, width))
  }

  function onKey(event: KeyboardEvent) {
    if (!ARROWS.has(event.key)) return
    event.preventDefault()
    setPointed(source.next(pointed ?? 0, event.key as ArrowKey))
  }

  return (
    <figure className="picture">
      {title === undefined ? null : <figcaption>{title}</figcaption>}
      <div
        ref={frame}
        className="picture-frame"
        role="group"
        aria-label={`${title === undefined ? '' : `${title}: `}${summary}. Arrow keys go through it.`}
        tabIndex={0}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => setPointed(undefined)}
        onBlur={() => setPointed(undefined)}
        onKeyDown={onKey}
      >
        <canvas ref={canvas} style={{ width, height }} aria-hidden="true" />
      </div>
      <output className="picture-value numeric" aria-live="polite">
        {pointed === undefined ? ' ' : source.describe(pointed)}
      </output>
    </figure>
  )
}
