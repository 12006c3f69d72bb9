// The lesser controls of a panel's bar: in it while the bar has room for them, else behind a button.
import { Ellipsis } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'

interface BarOverflowProps {
  /** What the button is for, in words. */
  label: string
  /** Whether something behind the button is not as usual: the button shows it. */
  isMarked?: boolean
  children: ReactNode
}

/** Stands in a `panel-bar`, which does not wrap then. */
export function BarOverflow({ label, isMarked = false, children }: BarOverflowProps) {
  const [isFolded, setFolded] = useState(false)
  const place = useRef<HTMLSpanElement>(null)
  /** Width of the bar with all of it, as of when it had no room. */
  const needed = useRef(0)
  useLayoutEffect(() => {
    const bar = place.current?.closest<HTMLElement>('.panel-bar')
    if (!bar) return undefined
    const fit = () => {
      const { clientWidth, scrollWidth } = bar
      // It is not seen.
      if (clientWidth === 0) return
      if (!isFolded && scrollWidth > clientWidth) {
        needed.current = scrollWidth
        setFolded(true)
      } else if (isFolded && clientWidth >= needed.current) setFolded(false)
    }
    fit()
    const observer = new ResizeObserver(fit)
    observer.observe(bar)
    // Its controls grow with what they show.
    if (!isFolded) observer.observe(place.current!)
    return () => observer.disconnect()
  }, [isFolded])
  return (
    <span ref={place} className="bar-overflow">
      {isFolded ? (
        <Popover.Root>
          <Popover.Trigger
            className="button icon-button button-quiet bar-icon"
            aria-label={isMarked ? `${label}, some set` : label}
            title={label}
            data-marked={isMarked || undefined}
          >
            <Ellipsis size={15} />
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content
              className="menu bar-popover"
              aria-label={label}
              align="end"
              sideOffset={4}
              collisionPadding={8}
            >
              {children}
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      ) : (
        children
      )}
    </span>
  )
}
