// Files for the engine, which has no network: the page fetches what is allowed and hands over the bytes.
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import type { FileBytes } from '#protocol'
import { MAX_ASSET_BYTES } from './limits.ts'

/** Reads a file of the open workspace; `undefined` when it has none of that path. */
export type ReadWorkspaceFile = (path: string) => Promise<FileBytes | undefined>

const SHIPPED_PATH = /^data(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/
const SHIPPED_ELSEWHERE: Record<string, string> = { 'wasm/tfjs-backend-wasm-simd.wasm': wasmUrl }

/** Where a shipped file lies, relative to the page; `undefined` for any path that isn't one. */
export function shippedUrl(path: string): string | undefined {
  if (Object.hasOwn(SHIPPED_ELSEWHERE, path)) return SHIPPED_ELSEWHERE[path]
  return SHIPPED_PATH.test(path) ? path : undefined
}

/** The bytes of a workspace file or else of a shipped one. Rejects with a message fit for the author. */
export async function readAsset(
  path: string,
  readWorkspaceFile?: ReadWorkspaceFile,
): Promise<FileBytes> {
  const own = await readWorkspaceFile?.(path)
  if (own) return own
  const url = shippedUrl(path)
  if (url === undefined) {
    throw new Error(
      `There is no file '${path}': neither in this workspace nor shipped under data/.`,
    )
  }
  const response = await fetch(new URL(url, document.baseURI), { credentials: 'same-origin' })
  // Static hosts may answer an unknown path with the start page.
  const isPage = response.headers.get('content-type')?.startsWith('text/html')
  if (!response.ok || isPage) throw new Error(`There is no file '${path}' shipped with Plugboard.`)
  const bytes = await response.arrayBuffer()
  if (bytes.byteLength > MAX_ASSET_BYTES) {
    throw new Error(`'${path}' has ${bytes.byteLength} bytes, limit ${MAX_ASSET_BYTES}.`)
  }
  return bytes
}
