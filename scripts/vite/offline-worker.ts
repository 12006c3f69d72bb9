// Builds the service worker with the list of what dist holds. Not in development, where nothing is to be kept.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { build, type Plugin, type ResolvedConfig } from 'vite'

/** Data files up to this size are kept with the page, so that small examples run without ever having run before. */
const MAX_SMALL_DATA = 100_000
const NOT_KEPT = /(^offline\.js$|\.map$|\.md$)/

const hashOf = (...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex').slice(0, 12)
}

/** Writes `offline.js` beside the page, and what large data there is to `offline-data.json`. */
export function offlineWorker(entry = 'src/workers/offline.worker.ts'): Plugin {
  let config: ResolvedConfig
  return {
    name: 'plugboard:offline-worker',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    configResolved(resolved) {
      config = resolved
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const folder = resolve(config.root, config.build.outDir)
        writeFileSync(join(folder, 'offline-data.json'), JSON.stringify(largeData(folder)))
        const source = await bundle(entry, config, filesIn(folder))
        writeFileSync(join(folder, 'offline.js'), source)
      },
    },
  }
}

const sizeOf = (folder: string, path: string): number => statSync(join(folder, path)).size
const isLarge = (folder: string, path: string): boolean =>
  path.startsWith('data/') && !NOT_KEPT.test(path) && sizeOf(folder, path) > MAX_SMALL_DATA

/** For the page: it shows sizes before anything is downloaded. */
function largeData(folder: string) {
  return readdirSync(join(folder, 'data'))
    .map((name) => `data/${name}`)
    .filter((path) => isLarge(folder, path))
    .toSorted()
    .map((path) => ({
      path,
      sizeBytes: sizeOf(folder, path),
      hash: hashOf(readFileSync(join(folder, path))),
    }))
}

function filesIn(folder: string) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !NOT_KEPT.test(path))
    .toSorted()
  const hashes = paths.map((path) => [path, hashOf(readFileSync(join(folder, path)))] as const)
  const version = hashOf(...hashes.flat())
  return {
    cache: `plugboard-page-${Date.now()}-${version}`,
    page: paths.filter((path) => !isLarge(folder, path)),
    data: Object.fromEntries(hashes.filter(([path]) => isLarge(folder, path))),
  }
}

async function bundle(entry: string, config: ResolvedConfig, files: object): Promise<string> {
  const output = await build({
    configFile: false,
    root: config.root,
    logLevel: 'warn',
    publicDir: false,
    define: { OFFLINE_FILES: JSON.stringify(files) },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: resolve(config.root, entry),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  })
  const [worker] = [output].flat().flatMap((result) => ('output' in result ? result.output : []))
  if (worker?.type !== 'chunk') throw new Error(`${entry} gave no service worker.`)
  return worker.code
}
