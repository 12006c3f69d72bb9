// Ticks and words of the axes: steps, epochs, times; values.
import { formatClock, formatCount, formatValue } from '../../ui/format.ts'
import type { XAxis } from './curve.ts'

const decades = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) =>
    [1, 2, 5].map((k) => Number(`${k}e${from + n}`)),
  ).flat()

const MINUTE = 60
const HOUR = 3600
/** Distances between ticks of each axis: whole steps, tenths of epochs, what clocks count in. */
export const TICKS: Record<XAxis, number[]> = {
  step: decades(0, 9),
  epoch: decades(-3, 7),
  time: [
    ...decades(-3, 0),
    10,
    15,
    30,
    ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
    ...[1, 2, 3, 6, 12, 24, 48, 120, 240].map((hours) => hours * HOUR),
  ],
}

export const AXIS_NAMES: Record<XAxis, string> = { step: 'step', epoch: 'epoch', time: 'time' }

/** A tick of the x axis. */
export function formatX(axis: XAxis, value: number): string {
  if (axis === 'time') return value < 10 ? `${short(value)} s` : formatClock(value * 1000)
  if (axis === 'epoch') return short(value)
  return Math.abs(value) >= 1e6 ? `${short(value / 1e6)}M` : formatCount(value)
}

/** A place on the x axis in words: `step 1,200`, `epoch 3.25`, `2:05`. */
export const placeText = (axis: XAxis, value: number): string =>
  axis === 'time' ? formatX(axis, value) : `${axis} ${formatX(axis, value)}`

/** A tick of the y axis: at most a few significant digits. */
export const formatY = (tick: number): string =>
  Math.abs(tick) >= 1e-3 && Math.abs(tick) < 1e6
    ? String(Number(tick.toPrecision(4)))
    : formatValue(tick)

const short = (value: number): string => String(Number(value.toPrecision(4)))
