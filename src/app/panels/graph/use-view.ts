// A view on a large drawing: moved by dragging and arrow keys, zoomed by wheel, buttons and keys.
import {
  type KeyboardEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react'

interface Size {
  readonly width: number
  readonly height: number
}

interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
}

const MIN_SCALE = 0.1
const MAX_SCALE = 2
const ZOOM = 1.25
const PAN = 60
const MARGIN = 24
/** Smallest scale of a view that was not asked for. */
const READABLE = 0.85

const clamp = (scale: number): number => Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale))

/** The view that shows all of it, no larger than it is; unless it has to, the beginning of what is tall, readable. */
function fitting(content: Size, { width, height }: Size, isWhole: boolean): View {
  const room = { width: width - MARGIN, height: height - MARGIN }
  const across = Math.min(1, room.width / content.width)
  const whole = Math.min(across, room.height / content.height)
  const scale = clamp(isWhole ? whole : Math.max(whole, Math.min(READABLE, across)))
  const y = Math.max(MARGIN / 2, (height - content.height * scale) / 2)
  return { x: (width - content.width * scale) / 2, y, scale }
}

export function useView(content: Size) {
  const area = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 })
  /** Once the user moved it, it stays where it is. */
  const isMoved = useRef(false)
  const { width, height } = content

  const show = useCallback(
    (isWhole: boolean) => {
      isMoved.current = isWhole
      const { clientWidth, clientHeight } = area.current!
      setView(fitting({ width, height }, { width: clientWidth, height: clientHeight }, isWhole))
    },
    [width, height],
  )
  const fit = (): void => show(true)

  const change = useCallback((next: (view: View) => View) => {
    isMoved.current = true
    setView(next)
  }, [])

  /** Zooms around a point of the area; around its middle without one. */
  const zoom = useCallback(
    (factor: number, at?: { x: number; y: number }) => {
      const box = area.current!
      const { x, y } = at ?? { x: box.clientWidth / 2, y: box.clientHeight / 2 }
      change((view) => {
        const scale = clamp(view.scale * factor)
        const ratio = scale / view.scale
        return { scale, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio }
      })
    },
    [change],
  )

  useEffect(() => {
    const box = area.current!
    show(false)
    const sizes = new ResizeObserver(() => !isMoved.current && show(false))
    sizes.observe(box)
    // Not passive, so that the page around does not scroll.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { left, top } = box.getBoundingClientRect()
      zoom(Math.exp(-event.deltaY / 500), { x: event.clientX - left, y: event.clientY - top })
    }
    box.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      sizes.disconnect()
      box.removeEventListener('wheel', onWheel)
    }
  }, [show, zoom])

  const pan = (x: number, y: number): void => change((at) => ({ ...at, x: at.x + x, y: at.y + y }))

  const keys: Record<string, () => void> = {
    '+': () => zoom(ZOOM),
    '=': () => zoom(ZOOM),
    '-': () => zoom(1 / ZOOM),
    '0': fit,
    ArrowLeft: () => pan(PAN, 0),
    ArrowRight: () => pan(-PAN, 0),
    ArrowUp: () => pan(0, PAN),
    ArrowDown: () => pan(0, -PAN),
  }

  function onKeyDown(event: KeyboardEvent): void {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || (event.target as Element).closest('button')) return
    area.current!.setPointerCapture(event.pointerId)
  }

  function onPointerMove(event: PointerEvent): void {
    if (area.current!.hasPointerCapture(event.pointerId)) pan(event.movementX, event.movementY)
  }

  /** Brings a part of the content into view, when focus comes to it. */
  function reveal(box: { x: number; y: number } & Size): void {
    const { clientWidth, clientHeight } = area.current!
    const into = (at: number, size: number, room: number): number =>
      at < 0 ? MARGIN - at : at + size > room ? room - MARGIN - at - size : 0
    const x = into(view.x + box.x * view.scale, box.width * view.scale, clientWidth)
    const y = into(view.y + box.y * view.scale, box.height * view.scale, clientHeight)
    if (x !== 0 || y !== 0) pan(x, y)
  }

  return {
    area,
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    onKeyDown,
    onPointerDown,
    onPointerMove,
    zoomIn: () => zoom(ZOOM),
    zoomOut: () => zoom(1 / ZOOM),
    fit,
    reveal,
  }
}
