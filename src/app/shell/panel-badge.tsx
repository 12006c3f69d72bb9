// The number beside a panel's title.
import type { PanelCount } from './panel-registry.tsx'

interface PanelBadgeProps {
  count: PanelCount | undefined
  className?: string
}

export function PanelBadge({ count, className = '' }: PanelBadgeProps) {
  if (!count) return null
  return (
    <span
      className={`count ${count.isDanger ? 'count-danger' : ''} ${className}`}
      title={count.title}
    >
      {count.count}
    </span>
  )
}
