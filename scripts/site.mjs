// The production build: made when missing or older than its sources, and served on a loopback port.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'
import { isStale } from './stale.mjs'

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
  if (isStale(join(root, 'dist/index.html'), root, SOURCES)) await build({ root, logLevel: 'warn' })
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
