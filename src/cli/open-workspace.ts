// A workspace open in an engine of its own, in this thread of Node.
import { createEngine, type Engine, type GroupMember, type Host } from '#engine'
import { builtinPlugins } from '#plugins'
import type { DevicePreference, EngineApi, ProjectReport } from '#protocol'
import type { ErrorInfo, EventRecord } from '#sdk'
import { type Files, missingData, pointerOf, projectOf, readFile } from '#workspace'
import { compileWorkspace } from './compile.ts'
import { openNodeDevice } from './device.ts'
import { largeFile } from './large-files.ts'
import { readShipped } from './shipped.ts'

export interface OpenWorkspace {
  readonly engine: EngineApi
  /** What the compiler had to say of the files that were opened last. The engine has all others. */
  readonly problems: readonly ErrorInfo[]
  /** Opens changed files in the same engine, as an edit on the page does. */
  edit(files: Files): Promise<ProjectReport>
  /** Errors that nobody catches are this engine's until then. */
  close(): void
}

export interface OpenWorkspaceOptions {
  readonly device: DevicePreference
  /** Its place among engines that train together. */
  readonly group?: GroupMember | undefined
  /** Gets every event, in order. */
  onEvent(event: EventRecord): void
  /** Bytes of a file that is no part of the workspace, such as a checkpoint. */
  readMore?: (path: string) => Promise<ArrayBuffer | undefined>
}

/** Opens a workspace on a device; nothing of it runs yet. */
export async function openWorkspace(
  files: Files,
  { device, group, onEvent, readMore }: OpenWorkspaceOptions,
): Promise<OpenWorkspace> {
  let open = files
  let problems: readonly ErrorInfo[] = []
  const engine: Engine = createEngine({
    plugins: builtinPlugins,
    group,
    host: nodeHost(
      (path) => engine.asset(path),
      (error) => engine.reportUncaught(error),
    ),
    onEvent(event) {
      onEvent(event)
      if (event.type === 'asset.request') void answer(event.data as { id: number; path: string })
    },
  })

  async function answer({ id, path }: { id: number; path: string }): Promise<void> {
    const note = pointerOf(open.get(path))
    const bytes = note
      ? await largeFile(note)
      : (readFile(open, path) ?? (await readMore?.(path)) ?? (await readShipped(path)))
    const missing = note
      ? `${missingData(path, note)}. Put it into the folder of the workspace`
      : 'it is neither in this workspace nor shipped under data/'
    await engine.provideAsset(id, bytes ?? null, bytes ? undefined : missing)
  }

  async function edit(changed: Files): Promise<ProjectReport> {
    const compiled = await compileWorkspace(changed)
    open = changed
    problems = compiled.problems
    return await engine.open(projectOf(changed, compiled.modules))
  }

  const report = (error: unknown): void => engine.reportUncaught(error)
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
  const close = (): void => {
    process.off('uncaughtException', report)
    process.off('unhandledRejection', report)
  }
  try {
    await edit(files)
    await engine.boot({ device })
  } catch (thrown) {
    close()
    throw thrown
  }
  return {
    engine,
    get problems() {
      return problems
    },
    edit,
    close,
  }
}

/** The surroundings of an engine in Node. Nobody supervises it: signs of life go nowhere. */
function nodeHost(
  asset: (path: string) => Promise<ArrayBuffer>,
  onError: (error: Error) => void,
): Host {
  return {
    modules: {
      // Node imports no blobs.
      urlOf: (code) => `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`,
      revoke: () => undefined,
      import: async (url) => (await import(/* @vite-ignore */ url)) as Record<string, unknown>,
    },
    openDevice: (preference) =>
      openNodeDevice(preference, { asset, onError, beat: () => undefined, work: () => undefined }),
    now: () => performance.timeOrigin + performance.now(),
    breathe: () => new Promise((resolve) => void setImmediate(resolve)),
    beat: () => undefined,
    enter: () => undefined,
  }
}
