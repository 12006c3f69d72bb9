// How wide an element is, in pixels.
import { type RefCallback, useCallback, useState } from 'react'

export function useWidth(): [RefCallback<HTMLElement>, number] {
  const [width, setWidth] = useState(600)
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.max(260, Math.floor(entry!.contentRect.width))),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}
