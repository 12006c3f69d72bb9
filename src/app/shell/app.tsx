// The whole page: toolbar, notices, and the workbench in the form that fits the screen.
import { Toaster } from 'sonner'
import { useEffect } from 'react'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { useEngineView } from '../store/store.ts'
import { useShortcuts } from '../actions/shortcuts.ts'
import { Palette } from '../palette/palette.tsx'
import { globalActions } from './global-actions.ts'
import { LateDialogs } from './late-dialogs.tsx'
import { DockLayout } from './dock-layout.tsx'
import { NarrowLayout } from './narrow-layout.tsx'
import { Notices } from './notices.tsx'
import { useTheme } from './theme.ts'
import { Toolbar } from './toolbar.tsx'
import { useMedia } from './use-media.ts'
import './shell.css'

export function App() {
  const theme = useTheme()
  const isNarrow = useMedia('(max-width: 819px)')
  useTitle()
  useShortcuts(globalActions)
  return (
    <TooltipProvider>
      <div className="app">
        <Toolbar isNarrow={isNarrow} />
        <Notices />
        <main className="workbench">{isNarrow ? <NarrowLayout /> : <DockLayout />}</main>
      </div>
      <Palette />
      <LateDialogs />
      <Toaster theme={theme} position="bottom-right" closeButton mobileOffset={{ bottom: 76 }} />
    </TooltipProvider>
  )
}

/** Progress in the tab's title, for those who look elsewhere while it trains. */
function useTitle() {
  const percent = useEngineView(({ run: { current } }) =>
    current?.state === 'running' && current.totalSteps > 0
      ? Math.floor((100 * current.step) / current.totalSteps)
      : undefined,
  )
  useEffect(() => {
    document.title = percent === undefined ? 'Plugboard' : `${percent} % · Plugboard`
  }, [percent])
}
