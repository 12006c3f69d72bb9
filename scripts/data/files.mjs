// Where conversion reads from and writes to, and what it needs of chance and compression.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'fflate'

const packages = new URL('node_modules/', import.meta.url)
const out = new URL('../../public/data/', import.meta.url)

/**
 * Path of a file in a package of scripts/data/package.json.
 * @param {string} path
 */
export function packagePath(path) {
  return fileURLToPath(new URL(path, packages))
}

/**
 * Text of a file in a package.
 * @param {string} path
 */
export function readText(path) {
  return readFile(packagePath(path), 'utf8')
}

/**
 * Writes a file of public/data.
 * @param {string} name
 * @param {Uint8Array | string} content
 */
export async function save(name, content) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  await mkdir(out, { recursive: true })
  await writeFile(new URL(name, out), bytes)
  console.log(`${name}: ${bytes.length.toLocaleString('en')} bytes`)
}

/**
 * Gzip without a time stamp, by fflate rather than Node's zlib, whose output differs between versions.
 * @param {Uint8Array | string} content
 */
export function compress(content) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return gzipSync(bytes, { level: 9, mtime: 0 })
}

/**
 * Uniform numbers in [0, 1): the 32-bit linear congruential generator of Numerical Recipes, section 7.1.
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * FNV-1a over code units, 32 bits, with the finaliser of MurmurHash3, so that every bit is worth taking.
 * @param {string} text
 */
export function hash(text) {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
