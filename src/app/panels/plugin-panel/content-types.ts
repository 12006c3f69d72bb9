// Content of each type of panel, as the page has it.
import type { panelContentSchemas, z } from '#sdk'

type Shown<T extends keyof typeof panelContentSchemas> = z.output<(typeof panelContentSchemas)[T]>

export type Histograms = Shown<'histogram'>
export type Histogram = Histograms['histograms'][number]
export type Matrices = Shown<'matrix'>
export type Matrix = Matrices['matrices'][number]
export type Scatter = Shown<'scatter'>
export type Images = Shown<'images'>
export type Lines = Shown<'line'>
export type Bars = Shown<'bar'>
export type GraphContent = Shown<'graph'>
