// The workbench: what is shown, then workspace and engine, which come up beside each other.
import './jitless.ts'
import './ui/ui.css'
import './ui/feedback.css'
import { createRoot } from 'react-dom/client'
import { isEmbedded } from './embed/embedded.ts'
import { loadPalette } from './palette/palette.tsx'
import { beginSession } from './session/page-session.ts'
import { watchIncoming } from './share/incoming.ts'
import { App } from './shell/app.tsx'
import { loadPanels } from './shell/panel-registry.tsx'
import { late } from './ui/late.tsx'
import { startWorkspace } from './workspace/index.ts'

const Embed = late(async () => (await import('./embed/embed.tsx')).Embed)

// First, for it comes up in a process of its own.
beginSession()
createRoot(document.getElementById('root')!).render(isEmbedded() ? <Embed /> : <App />)
void startWorkspace()
  .then(isEmbedded() ? undefined : keepHistory)
  .then(isEmbedded() ? undefined : watchIncoming)
  .then(loadPalette)
  .then(loadPanels)
  .then(keepForOffline)

async function keepHistory(): Promise<void> {
  const { startHistory } = await import('./history/index.ts')
  startHistory()
}

/** Last, so that it takes nothing from what is shown first; in development nothing is kept. */
async function keepForOffline(): Promise<void> {
  if (!import.meta.env.PROD) return
  const { startOffline } = await import('./offline/offline.ts')
  await startOffline()
}
