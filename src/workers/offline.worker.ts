// The service worker: keeps the page for visits without a network, one cache for each version of it.
// Own code and not workbox's: a version's cache must outlive its successor's start, because pages of it may be open
// and still have parts to fetch, and the sandbox needs an answer with a policy of its own.
import { isPagePath, isSandboxPath, SANDBOX_POLICY, surplusCaches } from './offline/rules.ts'

/** What the build put into dist; paths are relative to the page. */
declare const OFFLINE_FILES: {
  /** Name of this version's cache. */
  cache: string
  /** Everything that the workbench needs. */
  page: readonly string[]
  /** Files of data/ that examples read, by path, with a hash of their bytes: kept when they are first used. */
  data: Readonly<Record<string, string>>
}

declare const self: ServiceWorkerGlobalScope

/** Once: the build puts the whole list wherever its name stands. */
const { cache: PAGE_CACHE, page: pagePaths, data: dataHashes } = OFFLINE_FILES
const DATA_CACHE = 'plugboard-data'
/** Files fetched at a time: the page that is open has parts to fetch too. */
const AT_A_TIME = 3

const scope = new URL('./', self.location.href)
const urlOf = (path: string): string => new URL(path, scope).href
const pathOf = (url: URL): string => url.pathname.slice(scope.pathname.length)

const pageUrls = new Set(pagePaths.map(urlOf))
const hasHash = (url: string): boolean => url.startsWith(urlOf('assets/'))

/** Names with a hash never change: what an older version or the browser has of them is taken. */
async function keep(cache: Cache, url: string): Promise<void> {
  const known = hasHash(url) ? await caches.match(url) : undefined
  const response = known ?? (await fetched(url))
  await cache.put(url, response)
}

async function fetched(url: string): Promise<Response> {
  // Hosts may send on from index.html to its folder; a navigation must not be answered with what was sent on.
  const address = url === urlOf('index.html') ? scope.href : url
  const response = await fetch(address, { cache: hasHash(url) ? 'default' : 'no-cache' })
  if (!response.ok) throw new Error(`${url}: status ${response.status}`)
  return response.redirected
    ? new Response(await response.blob(), { headers: response.headers })
    : response
}

async function keepPage(): Promise<void> {
  const cache = await caches.open(PAGE_CACHE)
  const left = [...pageUrls]
  const work = async (): Promise<void> => {
    for (let url = left.pop(); url !== undefined; url = left.pop()) await keep(cache, url)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
}

async function forgetOldVersions(): Promise<void> {
  const gone = surplusCaches(await caches.keys(), PAGE_CACHE)
  await Promise.all(gone.map((name) => caches.delete(name)))
}

/** From this version's cache, else from an older one's: pages of that version may be open. */
async function pageFile(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(PAGE_CACHE)
  return (await cache.match(url)) ?? (await caches.match(url)) ?? fetch(request)
}

/** The sandbox's page for a frame without `sandbox` attribute: those with one bypass the service worker. */
async function sandboxPage(request: Request): Promise<Response> {
  const page = await pageFile(urlOf('sandbox.html'), request)
  const headers = { 'Content-Type': 'text/html', 'Content-Security-Policy': SANDBOX_POLICY }
  return new Response(await page.blob(), { headers })
}

async function dataFile(request: Request, url: URL, hash: string): Promise<Response> {
  const cache = await caches.open(DATA_CACHE)
  const key = `${url.origin}${url.pathname}?${hash}`
  const kept = await cache.match(key)
  if (kept) return kept
  const response = await fetch(request)
  // A full disk must not keep the file from the one who asked for it.
  if (response.ok) await cache.put(key, response.clone()).catch(() => undefined)
  return response
}

function answer(request: Request): Promise<Response> | undefined {
  const url = new URL(request.url)
  if (request.method !== 'GET' || !url.href.startsWith(scope.href)) return undefined
  const path = pathOf(url)
  if (request.mode === 'navigate') {
    if (isSandboxPath(path, url.search)) return sandboxPage(request)
    return isPagePath(path) ? pageFile(urlOf('index.html'), request) : undefined
  }
  const hash = dataHashes[path]
  if (hash !== undefined) return dataFile(request, url, hash)
  const isPart = pageUrls.has(url.href) || hasHash(url.href)
  return isPart ? pageFile(url.href, request) : undefined
}

self.addEventListener('install', (event) => event.waitUntil(keepPage()))
self.addEventListener('activate', (event) =>
  event.waitUntil(forgetOldVersions().then(() => self.clients.claim())),
)
self.addEventListener('message', ({ data }) => {
  // Sent when the reader asks for the new version.
  if (data === 'plugboard.activate') void self.skipWaiting()
})
self.addEventListener('fetch', (event) => {
  const response = answer(event.request)
  if (response) event.respondWith(response)
})
