// Rows of one height, of which only the visible ones exist.
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useRef } from 'react'

interface VirtualRowsProps {
  label: string
  count: number
  rowHeight: number
  /** Stays above the rows while they are scrolled. */
  head?: ReactNode
  className?: string
  row: (index: number, style: CSSProperties) => ReactNode
}

export function VirtualRows({ label, count, rowHeight, head, className, row }: VirtualRowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by a compiler
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  })
  return (
    <div
      ref={scroller}
      className={`data-scroll ${className ?? ''}`}
      role="group"
      aria-label={label}
      tabIndex={0}
    >
      {head}
      <div className="data-virtual" style={{ height: virtual.getTotalSize() }}>
        {virtual
          .getVirtualItems()
          .map(({ index, start }) =>
            row(index, { height: rowHeight, transform: `translateY(${start}px)` }),
          )}
      </div>
    </div>
  )
}
