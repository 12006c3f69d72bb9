// A long list, of which only the visible rows exist; one that grows follows its end.
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'

interface FeedProps {
  label: string
  count: number
  rowHeight: number
  /** Rows differ in height and are measured. */
  isMeasured?: boolean
  /** It is complete: shown from its beginning. */
  isStill?: boolean
  /** Stays above the rows. */
  head?: ReactNode
  row: (
    index: number,
    place: { style: { transform: string }; ref: ((element: Element | null) => void) | undefined },
  ) => ReactNode
}

/** Within this distance, in pixels, the reader is taken to be at the end. */
const END_SLACK = 40

export function Feed({
  label,
  count,
  rowHeight,
  isMeasured = false,
  isStill = false,
  head,
  row,
}: FeedProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(!isStill)
  const last = useRef({ scrollHeight: 0, scrollTop: 0 })
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by a compiler
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })

  /** Grows as well when rows turn out taller than estimated. */
  const height = virtual.getTotalSize()
  useEffect(() => {
    if (isAtEnd.current && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' })
  }, [count, height, virtual])

  useEffect(() => {
    const box = scroller.current!
    // A panel has no size before it is shown, and cannot be scrolled until then.
    const sizes = new ResizeObserver(() => {
      const { count: rows } = virtual.options
      if (isAtEnd.current && rows > 0) virtual.scrollToIndex(rows - 1, { align: 'end' })
    })
    sizes.observe(box)
    return () => sizes.disconnect()
  }, [virtual])

  /** The end that rows have moved away from is followed; the end that the reader has left is not. */
  function onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = scroller.current!
    const isUp = scrollTop < last.current.scrollTop && scrollHeight >= last.current.scrollHeight
    last.current = { scrollHeight, scrollTop }
    const isThere = scrollHeight - scrollTop - clientHeight < END_SLACK
    isAtEnd.current = !isStill && (isThere || (isAtEnd.current && !isUp))
  }

  return (
    <div
      ref={scroller}
      className="feed"
      role="log"
      aria-label={label}
      aria-live="off"
      tabIndex={0}
      onScroll={onScroll}
    >
      {head}
      <div className="feed-rows" style={{ height }}>
        {virtual.getVirtualItems().map(({ index, start }) =>
          row(index, {
            style: { transform: `translateY(${start}px)` },
            ref: isMeasured ? virtual.measureElement : undefined,
          }),
        )}
      </div>
    </div>
  )
}
