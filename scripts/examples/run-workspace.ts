// Trains a workspace folder in Node, through the same engine that runs in the browser.
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformWithOxc } from 'vite'
import { createEngine } from '#engine'
import { builtinPlugins } from '#plugins'
import {
  type CompiledModule,
  type DevicePreference,
  type EngineEvent,
  isEngineEvent,
  parseEvents,
} from '#protocol'
import { openDevice } from '../../src/workers/device/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Compiles every TypeScript file of a folder, as the page does. */
async function compile(folder: string): Promise<CompiledModule[]> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ts'))
  return await Promise.all(
    paths.map(async (path) => {
      const source = await readFile(join(folder, path), 'utf8')
      const { code, map } = await transformWithOxc(source, path, {
        target: 'es2022',
        sourcemap: true,
      })
      return { path, code, map: JSON.stringify(map) }
    }),
  )
}

async function readShipped(path: string): Promise<ArrayBuffer | null> {
  const bytes = await readFile(join(root, 'public', path)).catch(() => null)
  return bytes && new Uint8Array(bytes).buffer
}

const wasmFolder = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
)
const readWasm = async (path: string): Promise<ArrayBuffer> =>
  new Uint8Array(await readFile(join(wasmFolder, 'dist', basename(path)))).buffer

interface RunOptions {
  device: DevicePreference
  /** Changes the text of plugboard.yaml first. */
  edit?: (config: string) => string
}

/** Trains a workspace, given as a folder of the repository, to the end. Resolves with all events. */
export async function runWorkspace(
  folder: string,
  { device, edit = (config) => config }: RunOptions,
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = []
  let end = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  const engine = createEngine({
    plugins: builtinPlugins,
    host: {
      modules: {
        urlOf: (code) => `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`,
        revoke: () => undefined,
        import: async (url) => (await import(/* @vite-ignore */ url)) as Record<string, unknown>,
      },
      openDevice: (preference) =>
        openDevice(preference, { asset: readWasm, beat: () => undefined, work: () => undefined }),
      now: () => Date.now(),
      breathe: () => new Promise((resolve) => void setTimeout(resolve, 0)),
      enter: () => undefined,
    },
    onEvent(record) {
      const [event] = parseEvents([structuredClone(record)])
      if (!event || !isEngineEvent(event)) return
      events.push(event)
      if (event.type === 'run.state' && event.data.state === 'ended') end()
      if (event.type !== 'asset.request') return
      const { id, path } = event.data
      void readShipped(path).then((bytes) => engine.provideAsset(id, bytes))
    },
  })
  const config = edit(await readFile(join(root, folder, 'plugboard.yaml'), 'utf8'))
  await engine.open({ config, modules: await compile(join(root, folder)), assets: [] })
  await engine.boot({ device })
  await engine.startRun()
  await ended
  return events
}
