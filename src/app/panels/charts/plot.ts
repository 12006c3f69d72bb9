// One chart on a canvas: uPlot has its scales, axes, crosshair and selection, the curves are drawn between them.
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatX, formatY, TICKS } from './axes.ts'
import type { Zoom } from './chart-state.ts'
import { crosshair, moveCrosshair } from './crosshair.ts'
import { CurveCache } from './curve.ts'
import { cancelDraw, requestDraw } from './frames.ts'
import { followPan, followTouch, followWheel } from './gestures.ts'
import { LineLayer, strokeLine } from './line-layer.ts'
import { markShapes, pinShapes, referenceShapes } from './overlays.ts'
import type { View } from './polyline.ts'
import { createReadout, nearestPoint, type NearPoint } from './readout.ts'
import {
  arrange,
  type ChartContent,
  placeMarks,
  placePins,
  type Scene,
  strokesOf,
} from './scene.ts'
import { canvasFont, paintShapes, readPalette } from './shapes.ts'

export interface PlotListener {
  onZoom(zoom: Zoom | undefined): void
  /** A point was clicked. */
  onPick(point: NearPoint): void
  /** Drawn anew, or the crosshair moved; `x` is where it stands. */
  onDraw(scene: Scene, x: number | undefined): void
}

export interface Plot {
  update(content: ChartContent): void
  resize(width: number, height: number): void
  scene(): Scene | undefined
  /** Ticks in view, for a picture of the chart. */
  ticks(): Ticks
  dispose(): void
}

export interface Ticks {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

const MIN_SELECTED_PIXELS = 6
const MIN_WIDTH = 80
const MIN_HEIGHT = 60
/** How much lines fade beside the one that stands out. */
const FADED = 0.25

export function createPlot(element: HTMLElement, listener: PlotListener): Plot {
  const palette = readPalette()
  const cache = new CurveCache()
  const layer = new LineLayer()
  const readout = createReadout()
  let content: ChartContent | undefined
  let scene: Scene | undefined
  let plot: uPlot | undefined
  let size = { width: element.clientWidth, height: element.clientHeight }
  let scales = ''
  let ticks: Ticks = { x: [], y: [] }
  let deadline = 0
  let [isChanged, isBehind, isHovered] = [true, false, false]
  let pressedAt = 0

  const drawable = {
    draw(until: number): boolean {
      deadline = until
      if (!content || size.width === 0) return false
      if (isChanged || !scene) {
        scene = arrange(content, cache)
        isChanged = false
        show(scene)
      } else if (isBehind) plot?.batch(() => plot!.redraw(false))
      showCrosshair()
      return isBehind
    },
  }
  const ask = () => requestDraw(drawable)
  const unsubscribe = crosshair.subscribe(ask)

  function show({ x, y, content: { settings } }: Scene) {
    const kind = `${x.isLog} ${y.isLog} ${settings.axis}`
    if (plot && kind === scales) {
      plot.batch(() => plot!.setData([[x.min, x.max]]))
      return
    }
    scales = kind
    plot?.destroy()
    plot = new uPlot(options(), [[x.min, x.max]], element)
    plot.over.append(readout.element)
  }

  function options(): uPlot.Options {
    const { x, y, content: shown } = scene!
    const { axis } = shown.settings
    const common: uPlot.Axis = {
      stroke: palette('--fg-muted'),
      font: canvasFont(palette, 1),
      grid: { stroke: palette('--border'), width: 1 },
      ticks: { show: false },
      gap: 6,
    }
    return {
      width: Math.max(size.width, MIN_WIDTH),
      height: Math.max(size.height, MIN_HEIGHT),
      legend: { show: false },
      padding: [8, 18, 0, 0],
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { show: false },
        y: false,
        bind: {
          mousedown: (_self, _target, handle) => (event) => {
            pressedAt = event.clientX
            if (!event.shiftKey) handle(event)
            return null
          },
          dblclick: () => () => {
            listener.onZoom(undefined)
            return null
          },
        },
      },
      scales: {
        x: { time: false, distr: x.isLog ? 3 : 1, range: () => [scene!.x.min, scene!.x.max] },
        y: { distr: y.isLog ? 3 : 1, auto: true, range: () => [scene!.y.min, scene!.y.max] },
      },
      axes: [
        {
          ...common,
          size: 24,
          space: 60,
          ...(x.isLog ? {} : { incrs: TICKS[axis] }),
          values: (_self, splits) => {
            ticks = { ...ticks, x: labelled(splits) }
            return splits.map((at) => (at === null ? '' : formatX(axis, at)))
          },
        },
        {
          ...common,
          scale: 'y',
          size: 50,
          space: 28,
          values: (_self, splits) => {
            ticks = { ...ticks, y: labelled(splits) }
            return splits.map((at) => (at === null ? '' : formatY(at)))
          },
        },
      ],
      series: [{}],
      hooks: {
        ready: [begin],
        setSelect: [onSelect],
        setCursor: [onCursor],
        draw: [paint],
      },
    }
  }

  function begin(made: uPlot) {
    const { over } = made
    over.addEventListener('mouseenter', () => (isHovered = true))
    over.addEventListener('mouseleave', () => {
      isHovered = false
      moveCrosshair(undefined)
    })
    over.addEventListener('click', (event) => {
      const isDrag = Math.abs(event.clientX - pressedAt) >= MIN_SELECTED_PIXELS
      const point = scene && pointAt(made, event.offsetX, event.offsetY)
      if (!isDrag && point) listener.onPick(point)
    })
    const zooming = {
      range: () => scene!.x,
      full: () => scene!.full,
      zoom: listener.onZoom,
      point: (left: number | undefined) =>
        moveCrosshair(left === undefined ? undefined : made.posToVal(left, 'x')),
    }
    followTouch(over, zooming)
    followPan(over, zooming)
    followWheel(over, zooming)
  }

  function onSelect(selected: uPlot) {
    const { left, width } = selected.select
    if (width < MIN_SELECTED_PIXELS) return
    selected.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
    listener.onZoom([selected.posToVal(left, 'x'), selected.posToVal(left + width, 'x')])
  }

  function onCursor({ cursor: { left = -1 }, posToVal }: uPlot) {
    if (isHovered && left >= 0) moveCrosshair(posToVal(left, 'x'))
  }

  const pointAt = (drawn: uPlot, left: number, top: number): NearPoint | undefined =>
    scene && nearestPoint(scene, cssView(drawn), left, top)

  /** The view in CSS pixels of the plotting area alone. */
  function cssView({ bbox: { width, height } }: uPlot): View {
    const { x, y } = scene!
    // Not asked of the element: that would have the page laid out anew, in every frame.
    const ratio = devicePixelRatio
    return { x, y, left: 0, top: 0, width: width / ratio, height: height / ratio }
  }

  function showCrosshair() {
    const { x } = crosshair.getState()
    if (!plot || !scene) return
    const isInside = x !== undefined && x >= scene.x.min && x <= scene.x.max
    if (!isHovered)
      plot.setCursor(
        { left: isInside ? plot.valToPos(x, 'x') : -10, top: isInside ? 0 : -10 },
        false,
      )
    const { left = -1, top = -1 } = plot.cursor
    const point = isHovered && isInside ? pointAt(plot, left, top) : undefined
    readout.show(point, scene, cssView(plot), palette)
    listener.onDraw(scene, isInside ? x : undefined)
  }

  function paint({ ctx, bbox }: uPlot) {
    if (!scene) return
    const ratio = devicePixelRatio
    const { content: shown, x, y } = scene
    const view: View = { x, y, ...bbox }
    const { settled, live, above } = strokesOf(scene, palette, ratio)
    isBehind = layer.prepare(settled, view, deadline)
    if (isBehind) ask()
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    if (above.length > 0) ctx.globalAlpha = FADED
    layer.paint(ctx, view)
    for (const stroke of live) strokeLine(ctx, stroke, view)
    ctx.globalAlpha = 1
    for (const stroke of above) strokeLine(ctx, stroke, view)
    ctx.restore()
    ctx.save()
    ctx.scale(ratio, ratio)
    ctx.font = canvasFont(palette, 1)
    const measure = (text: string) => ctx.measureText(text).width
    const inCss = scaled(view, 1 / ratio)
    const shapes = [
      ...referenceShapes(shown.references, inCss, palette),
      ...markShapes(placeMarks(shown), inCss, palette, measure),
      ...pinShapes(placePins(shown), inCss, palette, measure),
    ]
    paintShapes(ctx, shapes, palette)
    ctx.restore()
  }

  return {
    update(next) {
      content = next
      isChanged = true
      ask()
    },
    resize(width, height) {
      size = { width, height }
      if (width === 0) return
      plot?.setSize({ width: Math.max(width, MIN_WIDTH), height: Math.max(height, MIN_HEIGHT) })
      isChanged = true
      ask()
    },
    scene: () => scene,
    ticks: () => ticks,
    dispose() {
      unsubscribe()
      cancelDraw(drawable)
      plot?.destroy()
    },
  }
}

const labelled = (splits: readonly (number | null)[]): number[] =>
  splits.filter((at): at is number => at !== null)

const scaled = ({ x, y, left, top, width, height }: View, by: number): View => ({
  x,
  y,
  left: left * by,
  top: top * by,
  width: width * by,
  height: height * by,
})
