// The page as a frame in another: editor, charts and run controls without the rest, and the way to the whole.
import { ExternalLink } from 'lucide-react'
import { Toaster } from 'sonner'
import { useEffect, useState } from 'react'
import { EditorPane } from '../editor/index.ts'
import { ChartsPanel } from '../panels/charts/charts-panel.tsx'
import { linkToWorkspace, pageAddress } from '../share/share.ts'
import { Notices } from '../shell/notices.tsx'
import { RunControls } from '../shell/run-controls.tsx'
import { RunProgress } from '../shell/run-progress.tsx'
import { useTheme } from '../shell/theme.ts'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { useWorkspace } from '../workspace/index.ts'
import { type EmbedPart, embedParts } from './embedded.ts'
import './embed.css'

const has = (part: EmbedPart): boolean => embedParts().includes(part)

export function Embed() {
  const theme = useTheme()
  const name = useWorkspace((state) => state.entry?.name)
  return (
    <TooltipProvider>
      <div className="app embed">
        <header className="toolbar embed-bar">
          <h1 className="embed-name">{name ?? 'Plugboard'}</h1>
          {has('run') ? (
            <div className="toolbar-run">
              <RunControls isNarrow />
              <RunProgress />
            </div>
          ) : null}
          <OpenWhole />
        </header>
        <Notices />
        <main className="embed-parts">
          {has('editor') ? (
            <section className="panel" aria-label="Editor">
              <EditorPane />
            </section>
          ) : null}
          {has('charts') ? (
            <section className="panel" aria-label="Charts">
              <ChartsPanel />
            </section>
          ) : null}
        </main>
      </div>
      <Toaster theme={theme} position="bottom-right" closeButton />
    </TooltipProvider>
  )
}

/** A link to the whole page with the workspace as it is here, edits included. */
function OpenWhole() {
  const files = useWorkspace((state) => state.files)
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    const later = setTimeout(() => {
      // Too large for a link: the page alone opens.
      linkToWorkspace().then(setAddress, () => setAddress(pageAddress()))
    }, 300)
    return () => clearTimeout(later)
  }, [files])
  return (
    <a className="button button-plain" href={address} target="_blank" rel="noopener">
      <ExternalLink size={14} aria-hidden="true" />
      <span className="button-label">Open in Plugboard</span>
    </a>
  )
}
