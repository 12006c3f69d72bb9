// The mark of a group in a legend.
import { shapePath } from './shapes.ts'

const COLORS = 8

export function Shape({ index }: { index: number }) {
  return (
    <svg width="10" height="10" viewBox="-6 -6 12 12" aria-hidden="true">
      <path d={shapePath(index, 4.5)} fill={`var(--series-${(index % COLORS) + 1})`} />
    </svg>
  )
}
