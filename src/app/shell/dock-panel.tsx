// A panel of the dock. What lies behind another tab is made when it is first seen, and does nothing while it is not.
import type { DockviewPanelApi } from 'dockview-react'
import { Activity, type ReactNode, useState, useSyncExternalStore } from 'react'
import { Boundary } from '../ui/boundary.tsx'

interface DockPanelProps {
  api: DockviewPanelApi
  title: string
  /** True where to be made anew costs more than to stay. */
  isLasting?: boolean
  children: ReactNode
}

export function DockPanel({ api, title, isLasting = false, children }: DockPanelProps) {
  const isVisible = useSyncExternalStore(
    (listen) => {
      const changes = api.onDidVisibilityChange(listen)
      return () => changes.dispose()
    },
    () => api.isVisible,
  )
  const [wasSeen, setWasSeen] = useState(isVisible)
  if (isVisible && !wasSeen) setWasSeen(true)
  return (
    <div className="panel">
      <Boundary title={title}>
        {wasSeen && (
          <Activity mode={isVisible || isLasting ? 'visible' : 'hidden'}>{children}</Activity>
        )}
      </Boundary>
    </div>
  )
}
