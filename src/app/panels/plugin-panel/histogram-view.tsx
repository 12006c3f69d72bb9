// How values are spread, over time: for each name a ridge of curves, the newest in front.
import { useMemo } from 'react'
import type { Histograms } from './content-types.ts'
import { histogramSource } from './histogram-picture.ts'
import { Picture } from './picture.tsx'

export function HistogramView({ histograms }: Histograms) {
  const filled = useMemo(() => histograms.filter(({ rows }) => rows.length > 0), [histograms])
  const sources = useMemo(() => filled.map(histogramSource), [filled])
  return (
    <div className="pictures" data-single={filled.length === 1 || undefined}>
      {filled.map(({ name, rows }, index) => (
        <Picture
          key={name}
          title={name}
          summary={
            rows.length === 1 ? 'histogram' : `histograms at ${rows.length} times, newest in front`
          }
          source={sources[index]!}
        />
      ))}
    </div>
  )
}
