// Keeps a second copy of TypeScript's seven megabytes out of the build.
import type { Plugin } from 'vite'

const FILE = /typescript\/workerManager\.js$/
const OWN_WORKER = /createWorker: \(\) => new Worker\(new URL\('ts\.worker\.js'[^\n]*\n/

/**
 * Monaco names its own TypeScript worker, which the bundler would then add to the build. The page never starts it:
 * `MonacoEnvironment.getWorker` gives one with more calls.
 */
export function oneTsWorker(): Plugin {
  return {
    name: 'plugboard:one-ts-worker',
    apply: 'build',
    transform(code, id) {
      if (!FILE.test(id)) return undefined
      const without = code.replace(OWN_WORKER, '')
      if (without === code) this.error(`${id} no longer names its worker as expected`)
      return { code: without, map: null }
    },
  }
}
