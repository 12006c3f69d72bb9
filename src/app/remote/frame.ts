// The sandbox frame and the three ports into it.
import { RELAY_LIMITS } from './limits.ts'

export interface SandboxFrame {
  /** Calls, for comlink. */
  rpc: MessagePort
  /** Batches of events. */
  events: MessagePort
  /** To the supervisor: questions of the watchdog, and its reports. */
  control: MessagePort
  /** Ends the sandbox with its process, whatever runs in it. */
  remove(): void
}

/** The sandbox page on its way, in a process of its own. */
interface Opening {
  frame: HTMLIFrameElement
  loaded: Promise<unknown>
  remove(): void
}

let prepared: Opening | undefined

/** Begins to open the frame that `openFrame` gives next: its process comes up while the page does other things. */
export function prepareFrame(): void {
  prepared ??= beginFrame()
}

function beginFrame(): Opening {
  const frame = document.createElement('iframe')
  frame.referrerPolicy = 'no-referrer'
  frame.title = 'Engine'
  frame.tabIndex = -1
  frame.hidden = true
  let isRemoved = false
  const loaded = new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true })
  })
  void isOffline().then((isAlone) => {
    if (isRemoved) return
    if (!isAlone) frame.setAttribute('sandbox', 'allow-scripts')
    frame.src = new URL(isAlone ? 'sandbox.html?offline' : 'sandbox.html', document.baseURI).href
    document.body.append(frame)
  })
  return {
    frame,
    loaded,
    remove() {
      isRemoved = true
      frame.remove()
    },
  }
}

/**
 * Opens the sandbox page in a frame of opaque origin and hands it the engine. Messages come back on
 * the ports only; nothing listens on the window, so nothing can be forged there.
 */
export function openFrame(engineText: Promise<string>, onFailure: (cause: unknown) => void) {
  const { frame, loaded, remove } = prepared ?? beginFrame()
  prepared = undefined
  const [rpc, events, control] = [new MessageChannel(), new MessageChannel(), new MessageChannel()]
  Promise.all([engineText, loaded])
    .then(([engine]) => {
      const message = { type: 'plugboard.open', engine, limits: RELAY_LIMITS }
      // The frame's origin is opaque, so no target origin can be named; the text is no secret.
      frame.contentWindow?.postMessage(message, '*', [rpc.port2, events.port2, control.port2])
    })
    .catch(onFailure)
  return {
    rpc: rpc.port1,
    events: events.port1,
    control: control.port1,
    remove() {
      remove()
      for (const { port1 } of [rpc, events, control]) port1.close()
    },
  } satisfies SandboxFrame
}

/** A network that answers later than this is as good as none. */
const ANSWER_MS = 3_000

/**
 * Whether the sandbox's page can come from the service worker only. It never sees frames with a `sandbox` attribute,
 * so it answers one without, by a policy that says the same; the page in it refuses to start in any other origin.
 */
async function isOffline(): Promise<boolean> {
  // Not there outside secure contexts.
  if (!('serviceWorker' in navigator) || !navigator.serviceWorker.controller) return false
  // The service worker leaves HEAD to the network.
  const request = fetch(new URL('sandbox.html', document.baseURI), {
    method: 'HEAD',
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  return request.then(
    ({ ok }) => !ok,
    () => true,
  )
}
