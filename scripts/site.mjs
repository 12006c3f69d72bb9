// The production build: made when missing or older than its sources, and served on a loopback port.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = [
  'src',
  'examples',
  'public',
  'scripts/vite',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
]

/** Builds dist unless it is newer than everything that goes into it. */
export async function buildIfStale() {
  const built = join(root, 'dist/index.html')
  const newest = Math.max(...SOURCES.map((source) => newestChange(join(root, source))))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  await build({ root, logLevel: 'warn' })
}

/**
 * Serves dist on 127.0.0.1.
 * @param {number} port the next free one is taken where it is in use
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve(port) {
  const server = await preview({ root, preview: { port, open: false } })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error(`No address after serving dist on 127.0.0.1:${port}`)
  return { url, close: () => server.close() }
}

/**
 * The latest modification time in a file or folder, in milliseconds.
 * @param {string} path
 * @returns {number}
 */
function newestChange(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  const inside = readdirSync(path).map((name) => newestChange(join(path, name)))
  // The folder's own time counts too: it changes when a file is removed.
  return Math.max(stat.mtimeMs, ...inside)
}
