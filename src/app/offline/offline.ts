// Visits without a network: starts the service worker, and offers a new version of the page when it has one.
import { toast } from 'sonner'
import { createStore } from 'zustand/vanilla'
import { flushWorkspace } from '../workspace/workspace.ts'

/** `unavailable` says why in `reason`. */
export type OfflineState =
  | { kind: 'preparing' }
  | { kind: 'ready' }
  | { kind: 'unavailable'; reason: string }

/** Whether the page works without a network. */
export const offline = createStore<{ state: OfflineState }>(() => ({
  state: { kind: 'preparing' },
}))

const HOUR_MS = 60 * 60 * 1000

const show = (state: OfflineState): void => offline.setState({ state })

/** Puts the new version in the place of this one. Other tabs go on with the one they have. */
function takeNewVersion(waiting: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  })
  void flushWorkspace().finally(() => waiting.postMessage('plugboard.activate'))
}

function offer(waiting: ServiceWorker): void {
  toast('A new version of Plugboard is ready', {
    id: 'new-version',
    description: 'Your work is saved. A run that is on ends with the reload.',
    duration: Infinity,
    action: { label: 'Reload', onClick: () => takeNewVersion(waiting) },
  })
}

/** Follows a worker that is being installed. */
function follow(registration: ServiceWorkerRegistration): void {
  const worker = registration.installing
  worker?.addEventListener('statechange', () => {
    if (worker.state === 'installed' && navigator.serviceWorker.controller) offer(worker)
    if (worker.state === 'activated') show({ kind: 'ready' })
    if (worker.state === 'redundant' && !registration.active) {
      show({ kind: 'unavailable', reason: 'not all parts of the page could be stored' })
    }
  })
}

/** Call once, when the page has loaded what it shows: the service worker then fetches the rest. */
export async function startOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) {
    show({ kind: 'unavailable', reason: 'this browser allows it on secure pages only' })
    return
  }
  try {
    const worker = new URL('offline.js', document.baseURI)
    const registration = await navigator.serviceWorker.register(worker, { updateViaCache: 'none' })
    if (registration.active) show({ kind: 'ready' })
    if (registration.waiting) offer(registration.waiting)
    follow(registration)
    registration.addEventListener('updatefound', () => follow(registration))
    // Without a network there is nothing new to find.
    setInterval(() => void registration.update().catch(() => undefined), HOUR_MS)
  } catch (error) {
    show({ kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) })
  }
}
