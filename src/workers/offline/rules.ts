// What the service worker answers and which caches it keeps, apart from the browser's parts of it.

/** Caches of versions: prefix, time of the build in ms since the epoch, hash of its files. */
const VERSION = /^plugboard-page-(\d+)-[0-9a-f]+$/

const builtAt = (cache: string): number => Number(VERSION.exec(cache)?.[1] ?? 0)

/**
 * Caches to delete once the version of cache `own` is in use: all of other versions but the newest of them, which
 * open pages may still fetch their parts from. Caches of others than this worker are left alone.
 */
export function surplusCaches(names: readonly string[], own: string): string[] {
  const others = names.filter((name) => VERSION.test(name) && name !== own)
  return others.toSorted((a, b) => builtAt(b) - builtAt(a)).slice(1)
}

/** Whether a navigation is to the page itself; what it shows is in its hash, which no request carries. */
export const isPagePath = (path: string): boolean => path === '' || path === 'index.html'

/** The sandbox's page as a page without a network asks for it. */
export const isSandboxPath = (path: string, search: string): boolean =>
  path === 'sandbox.html' && search === '?offline'

/** Gives the sandbox's page an opaque origin, as `sandbox="allow-scripts"` of its frame does. */
export const SANDBOX_POLICY = 'sandbox allow-scripts'
