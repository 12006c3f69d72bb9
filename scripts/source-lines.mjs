// Counts source lines, so that growth shows: all of src, the engine and its test kit, without tests.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** @returns {{ whole: number, engine: number, testkit: number }} */
export function sourceLines() {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  const count = (/** @type {string[]} */ paths) =>
    paths.reduce(
      (sum, path) => sum + readFileSync(`${src}/${path}`, 'utf8').split('\n').length - 1,
      0,
    )
  const isEngine = (/** @type {string} */ path) => path.startsWith('engine/')
  const isTestkit = (/** @type {string} */ path) => /^engine\/test(?:kit|ing)\//.test(path)
  return {
    whole: count(files),
    engine: count(files.filter((path) => isEngine(path) && !isTestkit(path))),
    testkit: count(files.filter(isTestkit)),
  }
}
