// The page's entry: styles, the workbench, then workspace and engine, which come up beside each other.
import './jitless.ts'
import './styles/tokens.css'
import './styles/base.css'
import './ui/ui.css'
import './ui/feedback.css'
import { createRoot } from 'react-dom/client'
import { beginSession } from './session/page-session.ts'
import { App } from './shell/app.tsx'
import { startWorkspace, workspaceStore } from './workspace/index.ts'

createRoot(document.getElementById('root')!).render(<App />)
beginSession()
startWorkspace().catch((error: unknown) => {
  workspaceStore.getState().setNotice({
    tone: 'error',
    title: 'Your workspaces could not be opened',
    text: `${error instanceof Error ? error.message : String(error)} Check that this browser allows storage for this page, then reload.`,
  })
})
