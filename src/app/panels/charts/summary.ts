// A chart in words, for those who don't see it.
import { useEffect, useState } from 'react'
import { lastPoint } from '../../store/series.ts'
import { formatValue, plural } from '../../ui/format.ts'
import type { ChartContent } from './scene.ts'

/** Lines that are described one by one. */
const DESCRIBED = 8
/** A pass over all points is dear while they stream in. */
const INTERVAL_MS = 1500

/** The words, at most once in a while. */
export function useSummary(title: string, content: ChartContent): string {
  const [words, setWords] = useState<{ text: string; at: number }>({ text: '', at: -Infinity })
  useEffect(() => {
    const wait = Math.max(0, words.at + INTERVAL_MS - performance.now())
    const timer = setTimeout(() => {
      const text = summarize(title, content)
      if (text !== words.text) setWords({ text, at: performance.now() })
    }, wait)
    return () => clearTimeout(timer)
  }, [title, content, words])
  return words.text
}

function summarize(
  title: string,
  {
    lines,
    references,
    marks,
    settings,
  }: Pick<ChartContent, 'lines' | 'references' | 'marks' | 'settings'>,
): string {
  const parts = lines.slice(0, DESCRIBED).map(({ label, series }) => {
    const last = lastPoint(series)
    if (!last) return `${label}: no points yet`
    let lowest = Infinity
    let highest = -Infinity
    for (let i = 0; i < series.length; i++) {
      lowest = Math.min(lowest, series.values[i]!)
      highest = Math.max(highest, series.values[i]!)
    }
    return `${label}: ${plural(series.length, 'point')}, ${formatValue(last.value)} at step ${last.step}, between ${formatValue(lowest)} and ${formatValue(highest)}`
  })
  const more = lines.length > DESCRIBED ? [`${plural(lines.length - DESCRIBED, 'line')} more`] : []
  const compared = references.map(({ label, value }) => `${label} is ${formatValue(value)}`)
  const happened = marks.slice(-DESCRIBED).map(({ label, step }) => `${label} at step ${step}`)
  return `Line chart of ${title} by ${settings.axis}. ${[...parts, ...more, ...compared, ...happened].join('. ')}.`
}
