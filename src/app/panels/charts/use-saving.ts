// A chart as a file or on the clipboard, asked for by its menu or from elsewhere while it is on screen.
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import { toast } from 'sonner'
import { download } from '../../ui/download.ts'
import { type ExportFormat, openChart } from './open-charts.ts'
import type { Plot } from './plot.ts'
import type { ChartLine } from './scene.ts'

/** A second, after which something else is wrong. */
const FRAMES_TO_DRAW = 60

interface Saved {
  readonly id: string
  readonly title: string
  readonly lines: readonly ChartLine[]
  readonly element: HTMLElement | null
  readonly plot: RefObject<Plot | undefined>
}

export function useSaving(chart: Saved): (format: ExportFormat) => void {
  const { id, title } = chart
  const now = useRef(chart)
  useEffect(() => {
    now.current = chart
  })
  const saveNow = useCallback((format: ExportFormat): void => {
    save(now.current, format).catch((error: unknown) =>
      toast.error(error instanceof Error ? error.message : String(error)),
    )
  }, [])
  useEffect(() => openChart({ id, title, save: saveNow }), [id, title, saveNow])
  return saveNow
}

async function save(chart: Saved, format: ExportFormat): Promise<void> {
  const { title, lines } = chart
  const { copy, csvOf, fileName, pngOf, svgOf } = await import('./export.ts')
  if (format === 'csv') return download(fileName(title, 'csv'), csvOf(lines), 'text/csv')
  if (format === 'copy-csv')
    return copy({ 'text/plain': new Blob([csvOf(lines)], { type: 'text/plain' }) }, 'Data')
  const { plot, element } = await drawn(chart)
  if (format === 'svg')
    return download(fileName(title, 'svg'), svgOf(title, plot, element), 'image/svg+xml')
  const png = await pngOf(title, plot, element)
  if (format === 'png') return download(fileName(title, 'png'), png, 'image/png')
  return copy({ 'image/png': png }, 'Picture')
}

/** Only what is in view is drawn. */
async function drawn({
  title,
  plot,
  element,
}: Saved): Promise<{ plot: Plot; element: HTMLElement }> {
  element?.scrollIntoView({ block: 'nearest' })
  for (let frame = 0; frame < FRAMES_TO_DRAW; frame++) {
    if (element && plot.current?.scene()) return { plot: plot.current, element }
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  throw new Error(`The chart ${title} is not in view: scroll to it first.`)
}
