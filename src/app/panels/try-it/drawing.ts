// Drawn strokes as the small picture that a model of handwriting is used to.

export interface Point {
  x: number
  y: number
}

export type Stroke = readonly Point[]

/** As MNIST has them: the drawing fills 20 of 28 pixels, and lines are about two wide. */
const FILLED = 20 / 28
const LINE = 2 / 28

/** How strokes are scaled and moved to lie in the middle of a picture of `height` × `width`. */
export function fitOf(strokes: readonly Stroke[], height: number, width: number) {
  const points = strokes.flat()
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)]
  const side = Math.min(height, width)
  const line = LINE * side
  const size = Math.max(right - left, bottom - top)
  // A dot stays a dot.
  const scale = size > 0 ? (FILLED * side - line) / size : 1
  return {
    scale,
    line,
    x: width / 2 - (scale * (left + right)) / 2,
    y: height / 2 - (scale * (top + bottom)) / 2,
  }
}

/** Centre of mass of a picture, in pixels from its middle. */
export function offCentre(values: Float32Array, width: number): Point {
  const height = values.length / width
  let [sum, x, y] = [0, 0, 0]
  values.forEach((value, i) => {
    sum += value
    x += value * ((i % width) + 0.5)
    y += value * (Math.floor(i / width) + 0.5)
  })
  return sum === 0 ? { x: 0, y: 0 } : { x: x / sum - width / 2, y: y / sum - height / 2 }
}

/** Ink from 0 to 1 of `height` × `width` places: strokes scaled to fit, their mass in the middle, as in MNIST. */
export function pictureOf(strokes: readonly Stroke[], height: number, width: number): Float32Array {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context || strokes.length === 0) return new Float32Array(height * width)
  const fit = fitOf(strokes, height, width)
  const draw = (by: Point) => {
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, width, height)
    context.setTransform(fit.scale, 0, 0, fit.scale, fit.x - by.x, fit.y - by.y)
    drawStrokes(context, strokes, fit.line / fit.scale)
    const { data } = context.getImageData(0, 0, width, height)
    return Float32Array.from({ length: height * width }, (_, i) => data[4 * i + 3]! / 255)
  }
  return draw(offCentre(draw({ x: 0, y: 0 }), width))
}

/** In the present colour of the context. */
export function drawStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  lineWidth: number,
): void {
  context.lineWidth = lineWidth
  context.lineCap = context.lineJoin = 'round'
  for (const [first, ...rest] of strokes) {
    if (!first) continue
    context.beginPath()
    context.moveTo(first.x, first.y)
    // A line to itself draws a dot.
    for (const { x, y } of rest.length > 0 ? rest : [first]) context.lineTo(x, y)
    context.stroke()
  }
}
