// The engine as one module's text, fetched by the page because the sandbox has no network.
import engineUrl from 'virtual:engine?url'

let text: Promise<string> | undefined
const changeListeners = new Set<() => void>()

/** Fetches the engine's text, once per version of it. A failed fetch is tried again by the next call. */
export function loadEngineText(): Promise<string> {
  text ??= fetchText().catch((error: unknown) => {
    text = undefined
    throw error
  })
  return text
}

async function fetchText(): Promise<string> {
  const response = await fetch(new URL(engineUrl, document.baseURI))
  const body = await response.text()
  if (!response.ok)
    throw new Error(`${engineUrl}: status ${response.status}. ${body.slice(0, 2000)}`)
  return body
}

/** In development, calls `listen` when the engine's sources changed. Returns its undo. */
export function onEngineChange(listen: () => void): () => void {
  changeListeners.add(listen)
  return () => changeListeners.delete(listen)
}

import.meta.hot?.on('plugboard:engine', () => {
  text = undefined
  for (const listen of changeListeners) listen()
})
