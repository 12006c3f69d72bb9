// Whether something built is older than what it was built from.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * True when `built` is missing or older than any of `sources`, files or folders below `root`.
 * @param {string} built
 * @param {string} root
 * @param {string[]} sources
 */
export function isStale(built, root, sources) {
  const newest = Math.max(...sources.map((source) => newestChange(join(root, source))))
  return !existsSync(built) || statSync(built).mtimeMs <= newest
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
