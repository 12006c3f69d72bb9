// Brings the editor up, once. The rest of the page doesn't wait for it.
import type * as setup from './setup.ts'

export type Loaded = typeof setup

let loading: Promise<Loaded> | undefined

/** Monaco and what stands on it. Rejects when a part of it can't be fetched; the next call tries again. */
export function loadEditor(): Promise<Loaded> {
  loading ??= import('./setup.ts').catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}
