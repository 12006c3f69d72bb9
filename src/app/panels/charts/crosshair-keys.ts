// The crosshair by keys: from point to point, and what stands there in words.
import { formatValue } from '../../ui/format.ts'
import { placeText } from './axes.ts'
import { firstAtLeast, nearest } from './curve.ts'
import { type NearPoint, pointOf } from './readout.ts'
import type { Scene } from './scene.ts'

/** Presses of a key from one end of the view to the other, at most. */
const STOPS = 200
/** Lines that are read out. */
const SPOKEN_LINES = 6

/** The next place of the crosshair: over a point of the line with the most points. */
export function stepCrosshair(
  { lines, x: view }: Scene,
  from: number | undefined,
  deed: -1 | 1 | 'first' | 'last',
): number | undefined {
  const [longest] = lines.toSorted((a, b) => b.curve.length - a.curve.length)
  if (!longest || longest.curve.length === 0) return undefined
  const { curve } = longest
  const first = firstAtLeast(curve.x, curve.length, view.min)
  const last = Math.max(first, Math.min(curve.length - 1, nearest(curve, view.max)))
  if (deed === 'first' || (from === undefined && deed === 1)) return curve.x[first]
  if (deed === 'last' || from === undefined) return curve.x[last]
  const stride = Math.max(1, Math.round((last - first) / STOPS))
  const at = nearest(curve, from) + deed * stride
  return curve.x[Math.min(Math.max(at, first), last)]
}

/** The values at a place, and the point of the line in front. */
export function wordsAt(
  { lines, content }: Scene,
  x: number | undefined,
): { text: string; first: NearPoint | undefined } {
  if (x === undefined) return { text: '', first: undefined }
  const points = lines.flatMap((line) => pointOf(line, x) ?? [])
  const values = points
    .slice(0, SPOKEN_LINES)
    .map(({ line, value }) => `${line.label} ${formatValue(value)}`)
  const more = points.length > SPOKEN_LINES ? [`${points.length - SPOKEN_LINES} more lines`] : []
  const first = points.find(({ line }) => line.key === content.highlighted) ?? points[0]
  return {
    text: `${placeText(content.settings.axis, x)}: ${[...values, ...more].join(', ')}`,
    first,
  }
}
