// What charts consist of, as data: painted on a canvas, or written as SVG.

export type Shape =
  | {
      readonly kind: 'line'
      readonly points: readonly (readonly [x: number, y: number])[]
      readonly color: string
      readonly width: number
      readonly dash?: readonly number[]
    }
  | {
      /** Points as x, y, x, y …; a pair of NaN is a gap. */
      readonly kind: 'curve'
      readonly points: Float64Array
      readonly color: string
      readonly width: number
      readonly dash: readonly number[]
      readonly alpha: number
    }
  | {
      readonly kind: 'area'
      readonly points: readonly (readonly [x: number, y: number])[]
      readonly color: string
    }
  | {
      readonly kind: 'dot'
      readonly x: number
      readonly y: number
      readonly radius: number
      readonly color: string
      readonly rim: string
    }
  | {
      readonly kind: 'text'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly color: string
      readonly align: 'left' | 'center' | 'right'
      /** Colour around the letters, so that they can be read over curves. */
      readonly rim?: string
      readonly isBold?: boolean
    }

/** Values of tokens, as a canvas takes them. */
export type Palette = (token: string) => string

export const FONT_PIXELS = 11
export const RIM_PIXELS = 3

/** The page's font for text on a canvas that has `ratio` pixels to a CSS pixel. */
export const canvasFont = (palette: Palette, ratio: number, isBold = false): string =>
  `${isBold ? '600 ' : ''}${FONT_PIXELS * ratio}px ${palette('--font-ui')}`

/** Reads the colours in force from the page. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const known = new Map<string, string>()
  return (token) => {
    const value = known.get(token) ?? style.getPropertyValue(token).trim()
    known.set(token, value)
    return value
  }
}

export function paintShapes(
  context: CanvasRenderingContext2D,
  shapes: readonly Shape[],
  palette: Palette,
): void {
  context.save()
  context.textBaseline = 'alphabetic'
  context.lineJoin = 'round'
  for (const shape of shapes) paint(context, shape, palette)
  context.restore()
}

function paint(context: CanvasRenderingContext2D, shape: Shape, palette: Palette): void {
  context.fillStyle = context.strokeStyle = shape.color
  if (shape.kind === 'text') {
    context.font = canvasFont(palette, 1, shape.isBold)
    context.textAlign = shape.align
    if (shape.rim !== undefined) {
      context.setLineDash([])
      context.lineWidth = RIM_PIXELS
      context.strokeStyle = shape.rim
      context.strokeText(shape.text, shape.x, shape.y)
    }
    context.fillText(shape.text, shape.x, shape.y)
    return
  }
  if (shape.kind === 'curve') {
    paintCurve(context, shape)
    return
  }
  context.beginPath()
  if (shape.kind === 'dot') {
    context.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI)
    context.fill()
    context.setLineDash([])
    context.lineWidth = 1.5
    context.strokeStyle = shape.rim
    context.stroke()
    return
  }
  for (const [x, y] of shape.points) context.lineTo(x, y)
  if (shape.kind === 'area') {
    context.fill()
    return
  }
  context.lineWidth = shape.width
  context.setLineDash([...(shape.dash ?? [])])
  context.stroke()
}

/** Strokes a line; a point between gaps becomes a dot. */
export function paintCurve(
  context: CanvasRenderingContext2D,
  { points, color, width, alpha, dash }: Omit<Extract<Shape, { kind: 'curve' }>, 'kind'>,
): void {
  context.save()
  context.globalAlpha *= alpha
  context.strokeStyle = context.fillStyle = color
  context.lineWidth = width
  // Round joins cost several times as much, and don't show at this width.
  context.lineJoin = 'bevel'
  context.setLineDash([...dash])
  context.beginPath()
  const dots = tracePoints(points, {
    move: (x, y) => context.moveTo(x, y),
    line: (x, y) => context.lineTo(x, y),
  })
  context.stroke()
  for (const [x, y] of dots) {
    context.beginPath()
    context.arc(x, y, dotRadius(width), 0, 2 * Math.PI)
    context.fill()
  }
  context.restore()
}

/** Of a point that stands alone, on a line of this width. */
export const dotRadius = (width: number): number => Math.max(2, 1.5 * width)

interface Trace {
  move(x: number, y: number): void
  line(x: number, y: number): void
}

/** Walks along a polyline. Returns the points that stand alone. */
export function tracePoints(points: Float64Array, { move, line }: Trace): [number, number][] {
  const dots: [number, number][] = []
  let isDown = false
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!]
    if (Number.isNaN(x)) {
      isDown = false
    } else if (isDown) {
      line(x, y)
    } else {
      const next = points[i + 2]
      if (next === undefined || Number.isNaN(next)) dots.push([x, y])
      else {
        move(x, y)
        isDown = true
      }
    }
  }
  return dots
}
