// Files that come with Plugboard: the data in public/, and the binary of the WebAssembly device.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** This file and the bundle that it becomes part of both lie two folders below the package. */
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

const IS_DATA = /^data(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/

/** Where a shipped file lies; `undefined` for a path that is none. */
function locate(path: string): string | undefined {
  if (IS_DATA.test(path)) return join(PACKAGE, 'public', path)
  if (!path.startsWith('wasm/')) return undefined
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
  return join(dirname(wasm), 'dist', basename(path))
}

/** Bytes of a shipped file; `undefined` when there is none. */
export async function readShipped(path: string): Promise<ArrayBuffer | undefined> {
  const file = locate(path)
  if (file === undefined) return undefined
  const bytes = await readFile(file).catch(() => undefined)
  return bytes && new Uint8Array(bytes).buffer
}
