// Something a plugin registered: can be taken out and put back, and ends with its plugin.

export interface Registration {
  /** Puts it in place. Throws when its name is taken. */
  attach(): void
  /** Takes it out of place, so that `attach` can put it back. */
  detach(): void
  /** Frees what it holds, once it is detached for good. */
  dispose?(): void | Promise<void>
}
