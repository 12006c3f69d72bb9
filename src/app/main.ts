// The page's entry: what takes longest begins first, the engine's process and its text; then the workbench is loaded.
import './styles/tokens.css'
import './styles/base.css'
import { loadEngineText } from './remote/engine-text.ts'
import { prepareFrame } from './remote/frame.ts'

prepareFrame()
// Whoever connects is told of a failure.
loadEngineText().catch(() => undefined)
import('./workbench.tsx').catch((error: unknown) => {
  const shown = document.querySelector('.first-paint')
  if (shown)
    shown.textContent = 'Plugboard did not load: check the connection, then reload the page.'
  throw error
})
