// A plugin's handler of a hook or of events: fires only while it is connected, from start to stop.
import type { EventRecord, Undo } from '#sdk'
import type { Handler } from '../hooks/index.ts'
import type { Registration } from '../registry/index.ts'
import type { Core } from './core.ts'

export class Subscription implements Registration {
  readonly handler: Handler
  readonly #connect: () => Undo
  readonly #isOpen: () => boolean
  #undo: Undo | undefined

  /** `isOpen` tells whether the plugin's handlers fire now. */
  constructor(handler: Handler, isOpen: () => boolean, connect: () => Undo) {
    this.handler = handler
    this.#isOpen = isOpen
    this.#connect = connect
  }

  attach(): void {
    if (this.#isOpen()) this.connect()
  }

  detach(): void {
    this.disconnect()
  }

  connect(): void {
    this.#undo ??= this.#connect()
  }

  disconnect(): void {
    this.#undo?.()
    this.#undo = undefined
  }
}

/** Subscribes a handler to events, isolated and counted as handlers of hooks are. */
export function connectToEvents({ bus, hooks }: Core, pattern: string, handler: Handler): Undo {
  handler.isActive = true
  const off = bus.on(
    pattern,
    (event: EventRecord) => void hooks.calls.isolated(handler, event, false),
  )
  return () => {
    handler.isActive = false
    off()
  }
}
