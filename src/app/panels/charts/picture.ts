// A chart as a picture to keep: title, legend, axes, curves, marks and pins, as shapes.
import { AXIS_NAMES, formatX, formatY } from './axes.ts'
import { markShapes, type Measure, pinShapes, referenceShapes } from './overlays.ts'
import { polyline, type View, xPixel, yPixel } from './polyline.ts'
import type { Ticks } from './plot.ts'
import { DASHES, placeMarks, placePins, type Scene, strokesOf } from './scene.ts'
import { FONT_PIXELS, type Palette, type Shape } from './shapes.ts'

export interface Picture {
  readonly width: number
  readonly height: number
  readonly background: string
  readonly title: string
  /** Curves lie inside the plot, the rest around and over it. */
  readonly plot: Box
  readonly frame: readonly Shape[]
  readonly curves: readonly Shape[]
  readonly over: readonly Shape[]
}

export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const PADDING = 14
const TITLE_HEIGHT = 22
const LEGEND_ROW = 16
const SWATCH = 16
const Y_AXIS = 52
const X_AXIS = 34

/** Draws a scene for a plotting area of this size, in CSS pixels. */
export function chartPicture(
  title: string,
  scene: Scene,
  ticks: Ticks,
  plotSize: { width: number; height: number },
  { palette, measure }: { palette: Palette; measure: Measure },
): Picture {
  const width = plotSize.width + Y_AXIS + 2 * PADDING
  const legend = legendShapes(scene, width - 2 * PADDING, { palette, measure })
  const top = PADDING + TITLE_HEIGHT + legend.height
  const plot: Box = { left: PADDING + Y_AXIS, top, ...plotSize }
  const view: View = { x: scene.x, y: scene.y, ...plot }
  const { settled, live, above } = strokesOf(scene, palette, 1)
  const curves = [...settled, ...live, ...above].map(
    ({ curve, values, color, width: wide, dash, alpha }): Shape => ({
      kind: 'curve',
      points: polyline(curve.x, values, curve.length, view),
      color,
      width: wide,
      dash,
      alpha,
    }),
  )
  const text = { kind: 'text', color: palette('--fg'), align: 'left' } as const
  const { content } = scene
  return {
    width,
    height: top + plot.height + X_AXIS + PADDING,
    background: palette('--bg'),
    title,
    plot,
    frame: [
      { ...text, x: PADDING, y: PADDING + FONT_PIXELS, text: title, isBold: true },
      ...legend.shapes,
      ...axisShapes(scene, ticks, view, palette),
    ],
    curves,
    over: [
      ...referenceShapes(content.references, view, palette),
      ...markShapes(placeMarks(content), view, palette, measure),
      ...pinShapes(placePins(content), view, palette, measure),
    ],
  }
}

function legendShapes(
  { lines }: Scene,
  width: number,
  { palette, measure }: { palette: Palette; measure: Measure },
): { shapes: Shape[]; height: number } {
  const shapes: Shape[] = []
  let [x, row] = [PADDING, 0]
  for (const { line } of lines) {
    const length = SWATCH + 6 + measure(line.label)
    if (x > PADDING && x + length > PADDING + width) [x, row] = [PADDING, row + 1]
    const y = PADDING + TITLE_HEIGHT + row * LEGEND_ROW
    shapes.push({
      kind: 'line',
      points: [
        [x, y],
        [x + SWATCH, y],
      ],
      color: palette(line.color),
      width: 2,
      dash: DASHES[line.dash % DASHES.length]!,
    })
    shapes.push({
      kind: 'text',
      x: x + SWATCH + 6,
      y: y + 4,
      text: line.label,
      color: palette('--fg-muted'),
      align: 'left',
    })
    x += length + 14
  }
  return { shapes, height: (row + 1) * LEGEND_ROW + 2 }
}

function axisShapes(
  { content, notes }: Scene,
  ticks: Ticks,
  view: View,
  palette: Palette,
): Shape[] {
  const { left, top, width, height } = view
  const { axis, smoothing, isLogX, isLogY } = content.settings
  const bottom = top + height
  const grid = { kind: 'line', color: palette('--border'), width: 1 } as const
  const text = { kind: 'text', color: palette('--fg-muted') } as const
  const across = ticks.x.flatMap((at): Shape[] => {
    const x = Math.round(xPixel(view, at)) + 0.5
    const points = [
      [x, top],
      [x, bottom],
    ] as const
    return [
      { ...grid, points },
      { ...text, x, y: bottom + 15, text: formatX(axis, at), align: 'center' },
    ]
  })
  const up = ticks.y.flatMap((at): Shape[] => {
    const y = Math.round(yPixel(view, at)) + 0.5
    const points = [
      [left, y],
      [left + width, y],
    ] as const
    return [
      { ...grid, points },
      { ...text, x: left - 8, y: y + 4, text: formatY(at), align: 'right' },
    ]
  })
  const words = [
    `${AXIS_NAMES[axis]}${isLogX ? ', log' : ''}`,
    ...(isLogY ? ['log y'] : []),
    ...(smoothing > 0 ? [`smoothing ${smoothing}`] : []),
    ...notes,
  ].join(' · ')
  return [
    ...across,
    ...up,
    { ...text, x: left + width, y: bottom + 30, text: words, align: 'right' },
  ]
}
