// What is seen of the charts for now: zoom, hidden lines, pins, the chart in full size, the filter.
import { createStore } from 'zustand/vanilla'

/** A point that stays marked: of a line, at a step. */
export interface Pin {
  /** Id of the chart. */
  readonly chart: string
  /** Key of the line. */
  readonly line: string
  readonly step: number
}

export type Zoom = readonly [from: number, to: number]

interface ChartState {
  /** By chart; in units of the x axis. */
  readonly zooms: Readonly<Record<string, Zoom>>
  readonly hidden: ReadonlySet<string>
  readonly pins: readonly Pin[]
  readonly maximised: string | undefined
  readonly filter: string
}

export const chartState = createStore<ChartState>(() => ({
  zooms: {},
  hidden: new Set(),
  pins: [],
  maximised: undefined,
  filter: '',
}))

const MAX_PINS = 100

/** Shows part of a chart's x axis, or of those of `all`; without a zoom, all of it. */
export function zoomCharts(charts: readonly string[], zoom: Zoom | undefined): void {
  chartState.setState(({ zooms }) => {
    const next = { ...zooms }
    for (const chart of charts) {
      if (zoom) next[chart] = zoom
      else delete next[chart]
    }
    return { zooms: next }
  })
}

export const resetZoom = (): void => chartState.setState({ zooms: {} })

/** Hides a line, or shows it again. */
export function toggleLine(key: string): void {
  chartState.setState(({ hidden }) => {
    const next = new Set(hidden)
    if (!next.delete(key)) next.add(key)
    return { hidden: next }
  })
}

/** Hides all of `keys` but one; shows all of them again where that is so already. */
export function soloLine(key: string, keys: readonly string[]): void {
  chartState.setState(({ hidden }) => {
    const others = keys.filter((it) => it !== key)
    const isAlone = !hidden.has(key) && others.every((it) => hidden.has(it))
    const next = new Set(hidden)
    for (const each of keys) next.delete(each)
    if (!isAlone) for (const each of others) next.add(each)
    return { hidden: next }
  })
}

const isSame = (a: Pin, b: Pin): boolean =>
  a.chart === b.chart && a.line === b.line && a.step === b.step

/** Pins a point; one that is pinned already is freed. */
export function togglePin(pin: Pin): void {
  chartState.setState(({ pins }) => {
    const rest = pins.filter((it) => !isSame(it, pin))
    return { pins: rest.length < pins.length ? rest : [...pins, pin].slice(-MAX_PINS) }
  })
}

export const maximise = (chart: string | undefined): void =>
  chartState.setState({ maximised: chart })
