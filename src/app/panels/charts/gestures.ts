// Moving through a chart: parts of its x axis by drag, wheel and keys.
import type { Zoom } from './chart-state.ts'
import type { Range } from './polyline.ts'

/** What gestures need of a chart. */
export interface Zooming {
  /** In view now, and all there is. */
  range(): Range
  full(): Range
  /** Shows a part; all of it without one. */
  zoom(part: Zoom | undefined): void
  /** Moves the crosshair to a place, in pixels from the left; away without one. */
  point(left: number | undefined): void
}

/** Smallest part that can be zoomed to, as a share of all there is. */
const CLOSEST = 1e-5
/** What one press of a key does. */
const KEY_PAN = 0.2
const KEY_ZOOM = 1.5
/** Zoom for a pixel of the wheel. */
const WHEEL_ZOOM = 1.0025

const inward = (value: number, isLog: boolean): number => (isLog ? Math.log10(value) : value)
const outward = (value: number, isLog: boolean): number => (isLog ? 10 ** value : value)

export interface Move {
  readonly factor?: number
  readonly share?: number
  readonly shift?: number
}

/**
 * The part of the axis that is `factor` times as close, with what is at `share` of the width (0…1) kept there,
 * then moved by `shift` widths. `undefined` when that is all there is.
 */
export function movedView(
  view: Range,
  full: Range,
  { factor = 1, share = 0.5, shift = 0 }: Move,
): Zoom | undefined {
  const { isLog } = view
  const [min, max, first, last] = [view.min, view.max, full.min, full.max].map((it) =>
    inward(it, isLog),
  ) as [number, number, number, number]
  const width = Math.min(last - first, Math.max((last - first) * CLOSEST, (max - min) / factor))
  const begin = min + (max - min - width) * share + shift * width
  const from = Math.min(Math.max(begin, first), last - width)
  if (width >= (last - first) * (1 - 1e-9)) return undefined
  return [outward(from, isLog), outward(from + width, isLog)]
}

/** Shift and drag moves the part in view. */
export function followPan(over: HTMLElement, { range, full, zoom }: Zooming): void {
  over.addEventListener('pointerdown', (down) => {
    if (!down.shiftKey || down.button !== 0) return
    const start = range()
    over.setPointerCapture(down.pointerId)
    const onMove = ({ clientX }: PointerEvent) =>
      zoom(movedView(start, full(), { shift: (down.clientX - clientX) / over.clientWidth }))
    const onUp = () => {
      over.removeEventListener('pointermove', onMove)
      over.removeEventListener('pointerup', onUp)
      over.removeEventListener('pointercancel', onUp)
    }
    over.addEventListener('pointermove', onMove)
    over.addEventListener('pointerup', onUp)
    over.addEventListener('pointercancel', onUp)
  })
}

/**
 * Two fingers zoom and move; one moves the part in view, or the crosshair where all is in view. Up and down stays the
 * page's: the list of charts is scrolled.
 */
export function followTouch(over: HTMLElement, { range, full, zoom, point }: Zooming): void {
  over.style.touchAction = 'pan-y'
  /** Places of the fingers in pixels, where they began and where they are. */
  const fingers = new Map<number, { from: number; to: number }>()
  let start = { view: { min: 0, max: 0, isLog: false }, isWhole: true }

  function begin(): void {
    const [view, all] = [range(), full()]
    start = { view, isWhole: view.min <= all.min && view.max >= all.max }
    for (const finger of fingers.values()) finger.from = finger.to
  }
  function end({ pointerId }: PointerEvent): void {
    if (!fingers.delete(pointerId)) return
    point(undefined)
    begin()
  }
  const placeOf = ({ clientX }: PointerEvent): number => clientX - over.getBoundingClientRect().left

  over.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch') return
    const at = placeOf(event)
    fingers.set(event.pointerId, { from: at, to: at })
    begin()
  })
  over.addEventListener('pointermove', (event) => {
    const finger = fingers.get(event.pointerId)
    if (!finger) return
    finger.to = placeOf(event)
    const [first, second] = fingers.values()
    if (first && !second && start.isWhole) point(first.to)
    else if (first) zoom(movedView(start.view, full(), touchMove(first, second, over.clientWidth)))
  })
  over.addEventListener('pointerup', end)
  over.addEventListener('pointercancel', end)
}

interface Finger {
  readonly from: number
  readonly to: number
}

/** Fingers closer than this, in pixels, can't be told apart. */
const CLOSEST_FINGERS = 24

/** How fingers move a view: what was between them stays between them. */
export function touchMove(first: Finger, second: Finger | undefined, width: number): Move {
  if (!second) return { shift: (first.from - first.to) / width }
  const apart = (place: 'from' | 'to') =>
    Math.max(CLOSEST_FINGERS, Math.abs(second[place] - first[place]))
  const [from, to] = [(first.from + second.from) / 2, (first.to + second.to) / 2]
  return { factor: apart('to') / apart('from'), share: from / width, shift: (from - to) / width }
}

/** Ctrl and the wheel, or a pinch, zooms at the pointer; sideways, or with Shift, the wheel moves the part in view. */
export function followWheel(over: HTMLElement, { range, full, zoom }: Zooming): void {
  const onWheel = (event: WheelEvent) => {
    const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX
    const isZoom = event.ctrlKey || event.metaKey
    // Straight up and down the list of charts is scrolled.
    if (!isZoom && Math.abs(across) <= (event.shiftKey ? 0 : Math.abs(event.deltaY))) return
    event.preventDefault()
    const view = isZoom
      ? { factor: WHEEL_ZOOM ** -event.deltaY, share: event.offsetX / over.clientWidth }
      : { shift: across / over.clientWidth }
    zoom(movedView(range(), full(), view))
  }
  over.addEventListener('wheel', onWheel, { passive: false })
}

export type KeyDeed =
  | { readonly move: Move }
  | { readonly crosshair: -1 | 1 | 'first' | 'last' }
  | 'reset'
  | 'pin'

/** What a key does in a chart that has the focus. */
export function keyDeed(key: string, isShift: boolean): KeyDeed | undefined {
  switch (key) {
    case '+':
    case '=':
      return { move: { factor: KEY_ZOOM } }
    case '-':
    case '_':
      return { move: { factor: 1 / KEY_ZOOM } }
    case '0':
      return 'reset'
    case 'Enter':
    case ' ':
      return 'pin'
    case 'ArrowLeft':
      return isShift ? { move: { shift: -KEY_PAN } } : { crosshair: -1 }
    case 'ArrowRight':
      return isShift ? { move: { shift: KEY_PAN } } : { crosshair: 1 }
    case 'Home':
      return { crosshair: 'first' }
    case 'End':
      return { crosshair: 'last' }
    default:
      return undefined
  }
}
