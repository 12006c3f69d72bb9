// Opens and trains workspaces in Node, through the same engine that runs in the browser.
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformWithOxc } from 'vite'
import { createEngine, type Engine } from '#engine'
import { builtinPlugins } from '#plugins'
import {
  type CompiledModule,
  type DevicePreference,
  type EngineEvent,
  type EventData,
  type EventType,
  isEngineEvent,
  parseEvents,
  type Project,
  type ProjectReport,
} from '#protocol'
import { openDevice } from '../../src/workers/device/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Text files of a workspace by path. */
export type WorkspaceFiles = ReadonlyMap<string, string>

/** Reads a workspace from a folder of the repository. */
export async function readWorkspace(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  const paths = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name))
  const texts = await Promise.all(
    paths.map(async (path) => {
      return [relative(join(root, folder), path), await readFile(path, 'utf8')] as const
    }),
  )
  return new Map(texts)
}

/** Compiles every TypeScript file, each by itself, as the page does. */
async function projectOf(files: WorkspaceFiles): Promise<Project> {
  const sources = [...files].filter(([path]) => path.endsWith('.ts'))
  const modules = sources.map(async ([path, source]): Promise<CompiledModule> => {
    const options = { target: 'es2022', sourcemap: true } as const
    const { code, map } = await transformWithOxc(source, path, options)
    return { path, code, map: JSON.stringify(map) }
  })
  const config = files.get('plugboard.yaml') ?? ''
  return { config, modules: await Promise.all(modules), assets: [] }
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

/** A workspace open in an engine of its own, with the built-in plugins. */
export interface OpenWorkspace {
  engine: Engine
  /** All events so far. */
  events: EngineEvent[]
  /** Resolves with the next event that `isIt` holds for. */
  next(isIt: (event: EngineEvent) => boolean): Promise<EngineEvent>
  /** Opens changed files in the same engine, as an edit on the page does. */
  edit(files: WorkspaceFiles): Promise<ProjectReport>
}

/** Opens a workspace on a device; nothing of it runs yet. */
export async function openWorkspace(
  files: WorkspaceFiles,
  device: DevicePreference,
): Promise<OpenWorkspace> {
  const events: EngineEvent[] = []
  const waiting = new Set<(event: EngineEvent) => void>()
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
      beat: () => undefined,
      enter: () => undefined,
    },
    onEvent(record) {
      const [event] = parseEvents([structuredClone(record)])
      if (!event || !isEngineEvent(event)) return
      events.push(event)
      for (const tell of waiting) tell(event)
      if (event.type !== 'asset.request') return
      const { id, path } = event.data
      void readShipped(path).then((bytes) => engine.provideAsset(id, bytes))
    },
  })
  const edit = async (changed: WorkspaceFiles) => engine.open(await projectOf(changed))
  await edit(files)
  await engine.boot({ device })
  return {
    engine,
    events,
    edit,
    next: (isIt) =>
      new Promise((resolve) => {
        waiting.add(function tell(event) {
          if (!isIt(event)) return
          waiting.delete(tell)
          resolve(event)
        })
      }),
  }
}

/** Holds for the last event of a run. */
export const isEnd = (event: EngineEvent): boolean =>
  event.type === 'run.state' && event.data.state === 'ended'

/** Trains a workspace to the end. Resolves with all events. */
export async function runWorkspace(
  files: WorkspaceFiles,
  device: DevicePreference,
): Promise<EngineEvent[]> {
  const { engine, events, next } = await openWorkspace(files, device)
  const ended = next(isEnd)
  await engine.startRun()
  await ended
  return events
}

/** Data of the events of one type. */
export const dataOf = <T extends EventType>(events: EngineEvent[], type: T): EventData<T>[] =>
  events.filter((event) => event.type === type).map((event) => event.data as EventData<T>)
