// A pad to draw a picture on; beside it what the model sees of it.
import { Eraser, Shuffle } from 'lucide-react'
import { type PointerEvent, useEffect, useRef } from 'react'
import { useTheme } from '../../shell/theme.ts'
import { Button } from '../../ui/button.tsx'
import { drawStrokes, pictureOf, type Point, type Stroke } from './drawing.ts'
import { useKept } from './use-kept.ts'

interface DrawingPadProps {
  name: string
  /** Height, width and, for colour, 3. */
  shape: readonly number[]
  value: Float32Array
  onChange: (value: Float32Array) => void
  /** Takes the next of the examples, for those who cannot draw. */
  onExample: () => void
}

const SIDE = 196
const INK = 13

export function DrawingPad({ name, shape, value, onChange, onExample }: DrawingPadProps) {
  const [height = 1, width = 1, channels = 1] = shape
  const pad = useRef<HTMLCanvasElement>(null)
  const [strokes, setStrokes] = useKept<readonly Stroke[]>(`strokes of ${name}`, () => [])
  const theme = useTheme()

  useEffect(() => {
    const context = pad.current?.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, SIDE, SIDE)
    context.strokeStyle = getComputedStyle(pad.current!).color
    drawStrokes(context, strokes, INK)
  }, [strokes, theme])

  function change(next: readonly Stroke[]) {
    setStrokes(next)
    const ink = pictureOf(next, height, width)
    // The same in every colour.
    onChange(
      Float32Array.from(
        { length: ink.length * channels },
        (_, i) => ink[Math.floor(i / channels)]!,
      ),
    )
  }

  const pointOf = ({ nativeEvent: { offsetX: x, offsetY: y } }: PointerEvent): Point => ({ x, y })

  return (
    <div className="try-draw">
      <canvas
        ref={pad}
        className="try-pad"
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label={`Pad to draw ${name} on with mouse, pen or finger`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          change([...strokes, [pointOf(event)]])
        }}
        onPointerMove={(event) => {
          if (event.buttons === 0) return
          change([...strokes.slice(0, -1), [...(strokes.at(-1) ?? []), pointOf(event)]])
        }}
      />
      <div className="try-draw-side">
        <Preview value={value} shape={shape} />
        <span className="panel-muted">what the model sees</span>
        <Button icon={<Eraser size={14} />} onClick={() => change([])}>
          Clear
        </Button>
        <Button
          icon={<Shuffle size={14} />}
          onClick={() => {
            setStrokes([])
            onExample()
          }}
        >
          Example
        </Button>
      </div>
    </div>
  )
}

function Preview({ value, shape }: { value: Float32Array; shape: readonly number[] }) {
  const [height = 1, width = 1, channels = 1] = shape
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const image = new ImageData(width, height)
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++)
        image.data[4 * i + c] = 255 * value[channels * i + (channels === 3 ? c : 0)]!
      image.data[4 * i + 3] = 255
    }
    context.putImageData(image, 0, 0)
  }, [value, width, height, channels])
  return (
    <canvas
      ref={canvas}
      className="try-preview"
      width={width}
      height={height}
      role="img"
      aria-label="What the model sees"
    />
  )
}
