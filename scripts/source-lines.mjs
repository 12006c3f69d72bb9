// Counts source lines, so that growth shows: all of src, and the engine by its parts, without tests.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** The engine's parts apart from its core, by the start of their paths. */
const TRAINING = /^engine\/(?:nn|data)\//
const TESTKIT = /^engine\/test(?:kit|ing)\//

/** @returns {{ whole: number, engine: number, training: number, testkit: number }} */
export function sourceLines() {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  const count = (/** @type {RegExp} */ part) =>
    files
      .filter((path) => part.test(path))
      .reduce((sum, path) => sum + readFileSync(`${src}/${path}`, 'utf8').split('\n').length - 1, 0)
  const [training, testkit] = [count(TRAINING), count(TESTKIT)]
  return { whole: count(/^/), engine: count(/^engine\//) - training - testkit, training, testkit }
}
