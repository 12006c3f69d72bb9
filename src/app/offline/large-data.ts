// Large data sets that examples read: not stored with the page, but when they are used or asked for.
import { z } from '#sdk'

const filesSchema = z.array(
  z.object({
    path: z.string().startsWith('data/'),
    sizeBytes: z.number().nonnegative(),
    hash: z.string(),
  }),
)

export type LargeFile = z.output<typeof filesSchema>[number]

export interface LargeData extends LargeFile {
  /** Whether it is here without a network. */
  isKept: boolean
}

/** The service worker's. */
const CACHE = 'plugboard-data'

const urlOf = ({ path }: LargeFile): URL => new URL(path, document.baseURI)
const keyOf = (file: LargeFile): string => `${urlOf(file).href}?${file.hash}`

/** The large files that this build has, written beside it; none where no service worker answers. */
export async function largeData(): Promise<LargeData[]> {
  if (!navigator.serviceWorker?.controller) return []
  const response = await fetch(new URL('offline-data.json', document.baseURI))
  if (!response.ok) return []
  const cache = await caches.open(CACHE)
  return Promise.all(
    filesSchema
      .parse(await response.json())
      .map(async (file) => ({ ...file, isKept: (await cache.match(keyOf(file))) !== undefined })),
  )
}

/** Downloads a file: the service worker keeps what passes through it. */
export async function keepLargeFile(file: LargeFile): Promise<void> {
  const response = await fetch(urlOf(file))
  if (!response.ok)
    throw new Error(`${file.path} could not be downloaded: status ${response.status}.`)
  await response.arrayBuffer()
  const cache = await caches.open(CACHE)
  if ((await cache.match(keyOf(file))) === undefined)
    throw new Error(`${file.path} could not be stored: make room, then try again.`)
}

export async function forgetLargeFile(file: LargeFile): Promise<void> {
  await (await caches.open(CACHE)).delete(keyOf(file))
}
