// Counts source lines, so that growth shows: all of src, and the engine, both without tests.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** @returns {{ whole: number, engine: number }} */
export function sourceLines() {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  const count = (/** @type {string[]} */ paths) =>
    paths.reduce(
      (sum, path) => sum + readFileSync(`${src}/${path}`, 'utf8').split('\n').length - 1,
      0,
    )
  return { whole: count(files), engine: count(files.filter((path) => path.startsWith('engine/'))) }
}
