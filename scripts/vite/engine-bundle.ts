// Builds the engine's worker into one module whose text the page can fetch and hand to the sandbox.
import { resolve, sep } from 'node:path'
import { build, type Plugin, type ResolvedConfig } from 'vite'

const VIRTUAL_ID = 'virtual:engine?url'
const RESOLVED_ID = '\0virtual:engine'
const DEV_PATH = '@engine.js'
/** Zones that the engine's text is made of. */
const ENGINE_ZONES = ['sdk', 'protocol', 'engine', 'webgpu', 'plugins', 'workers']

/**
 * Provides `virtual:engine?url`, whose default export is the URL of the engine's text: an asset in the
 * build, a path of the server in development. There a change of its sources sends the hot event
 * `plugboard:engine`; the next request builds it anew.
 */
export function engineBundle(entry = 'src/workers/engine.worker.ts'): Plugin {
  let config: ResolvedConfig
  let current: Promise<string> | undefined

  return {
    name: 'plugboard:engine-bundle',
    enforce: 'pre',

    configResolved(resolved) {
      config = resolved
    },

    resolveId: (id) => (id === VIRTUAL_ID ? RESOLVED_ID : undefined),

    async load(id) {
      if (id !== RESOLVED_ID) return undefined
      if (config.command === 'serve')
        return `export default ${JSON.stringify(config.base + DEV_PATH)}`
      const source = await bundle(entry, config)
      const asset = this.emitFile({ type: 'asset', name: 'engine.js', source })
      return `export default import.meta.ROLLUP_FILE_URL_${asset}`
    },

    configureServer(server) {
      const zones = ENGINE_ZONES.map((zone) => resolve(config.root, 'src', zone) + sep)
      server.watcher.on('all', (_change, file) => {
        if (current === undefined || !zones.some((zone) => file.startsWith(zone))) return
        current = undefined
        server.ws.send({ type: 'custom', event: 'plugboard:engine' })
      })
      server.middlewares.use(config.base + DEV_PATH, (_request, response) => {
        current ??= bundle(entry, config)
        current.then(
          (text) => {
            response.setHeader('Content-Type', 'text/javascript')
            response.setHeader('Cache-Control', 'no-store')
            response.end(text)
          },
          (error: unknown) => {
            response.statusCode = 500
            response.end(String(error))
          },
        )
      })
    },
  }
}

/** One ES module with the entry's exports, by the aliases and mode of the page's own build. */
async function bundle(entry: string, config: ResolvedConfig): Promise<string> {
  // Errors and the panel Model name a module by its class.
  const keepNames = { function: false, class: true }
  const minify = config.command === 'build' && { compress: { keepNames }, mangle: { keepNames } }
  const output = await build({
    configFile: false,
    root: config.root,
    mode: config.mode,
    logLevel: 'warn',
    publicDir: false,
    resolve: { alias: config.resolve.alias },
    build: {
      write: false,
      target: 'es2022',
      minify: config.command === 'build',
      modulePreload: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: resolve(config.root, entry),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', codeSplitting: false, minify },
      },
    },
  })
  const chunks = [output].flat().flatMap((result) => ('output' in result ? result.output : []))
  const [engine, ...others] = chunks
  if (engine?.type !== 'chunk' || others.length > 0) {
    const names = chunks.map(({ fileName }) => fileName).join(', ')
    throw new Error(`The engine must be one module without assets; ${entry} gave ${names}.`)
  }
  return engine.code
}
