// A sandboxed engine, from the page's side: calls, events, assets, and word of its end.
import {
  type DevicePreference,
  type EngineApi,
  type FileBytes,
  isEngineEvent,
  parseEvents,
} from '#protocol'
import type { DeviceInfo, EventRecord, Measured } from '#sdk'
import { type ReadWorkspaceFile, readAsset } from './assets.ts'
import { engineCalls } from './calls.ts'
import { loadEngineText } from './engine-text.ts'
import { openFrame } from './frame.ts'
import { WATCHDOG_LIMITS, type WatchdogLimits } from './limits.ts'
import { type LostReason, SandboxLostError } from './lost.ts'
import { watchSandbox } from './supervisor.ts'

export interface RemoteOptions {
  /** Asked for as soon as the engine can hear it, however busy the page is then. */
  device: DevicePreference
  /** By engines before. */
  measured?: readonly Measured[]
  /** Files of the workspace; asked before the shipped ones. */
  readWorkspaceFile?: ReadWorkspaceFile
  /** Text of the engine's module; the one built with the page unless given. */
  engineText?: Promise<string>
  watchdog?: Partial<WatchdogLimits>
}

export interface Remote {
  /** The engine. Each call settles: with a checked result, an `EngineError`, or a `SandboxLostError`. */
  api: EngineApi
  /** The device it was started on; rejects where there is none. */
  device: Promise<DeviceInfo>
  /** Calls `listen` with each batch of checked events. Returns its undo. */
  onEvents(listen: (events: EventRecord[]) => void): () => void
  /** Calls `listen` once when the sandbox is lost; not after `dispose`. Returns its undo. */
  onLost(listen: (reason: LostReason) => void): () => void
  /** Ends the sandbox at once, whatever runs in it. Calls under way reject. */
  dispose(): void
}

/**
 * Opens a sandbox with a fresh engine in it. Resolves when the engine is up; rejects with a
 * `SandboxLostError` when it does not come up. To restart: dispose, connect again.
 */
export function connectEngine(options: RemoteOptions): Promise<Remote> {
  const eventListeners = new Set<(events: EventRecord[]) => void>()
  const lostListeners = new Set<(reason: LostReason) => void>()

  return new Promise((resolve, reject) => {
    const frame = openFrame(options.engineText ?? loadEngineText(), (cause) => {
      lose({ kind: 'startup', message: `The engine could not be loaded: ${String(cause)}` })
    })
    const { api, rejectAll } = engineCalls(frame.rpc, (message) => {
      lose({ kind: 'invalid', message })
    })
    // Waits in the port until the engine is there.
    const device = api.boot({ device: options.device, measured: options.measured ?? [] })
    device.catch(() => undefined)
    const limits = { ...WATCHDOG_LIMITS, ...options.watchdog }
    const stopWatch = watchSandbox(frame.control, limits, { onLost: lose, onReady })

    function close(reason?: LostReason) {
      stopWatch()
      frame.remove()
      rejectAll(new SandboxLostError(reason))
    }

    function lose(reason: LostReason) {
      close(reason)
      reject(new SandboxLostError(reason))
      for (const listen of lostListeners) listen(reason)
      lostListeners.clear()
    }

    function receive(message: unknown) {
      let events: EventRecord[]
      try {
        events = parseEvents(message)
      } catch (error) {
        lose({ kind: 'invalid', message: `The engine sent a broken event: ${String(error)}` })
        return
      }
      for (const event of events) {
        if (isEngineEvent(event) && event.type === 'asset.request') void answer(event.data)
      }
      for (const listen of eventListeners) listen(events)
    }

    async function answer({ id, path }: { id: number; path: string }) {
      let bytes: FileBytes | null = null
      let problem: string | undefined
      try {
        bytes = await readAsset(path, options.readWorkspaceFile)
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
      }
      // What the engine makes of the bytes is reported by whoever asked for them there.
      await api.provideAsset(id, bytes, problem).catch(() => undefined)
    }

    function onReady() {
      frame.events.onmessage = ({ data }) => receive(data)
      resolve({
        api,
        device,
        onEvents: (listen) => subscribe(eventListeners, listen),
        onLost: (listen) => subscribe(lostListeners, listen),
        dispose() {
          lostListeners.clear()
          close()
        },
      })
    }
  })
}

function subscribe<T>(listeners: Set<T>, listen: T): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}
