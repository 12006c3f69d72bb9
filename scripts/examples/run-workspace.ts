// Opens and trains workspaces for tests, as the command line does, and keeps their events.
import { fileURLToPath } from 'node:url'
import { openWorkspace as open, readWorkspace as read } from '#cli'
import {
  type DevicePreference,
  type EngineApi,
  type EngineEvent,
  type EventData,
  type EventType,
  isEngineEvent,
  parseEvents,
  type ProjectReport,
} from '#protocol'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Text files of a workspace by path. */
export type WorkspaceFiles = ReadonlyMap<string, string>

/** Reads a workspace, all of whose files are text, from a folder of the repository. */
export async function readWorkspace(folder: string): Promise<Map<string, string>> {
  return new Map(await read(root + folder)) as Map<string, string>
}

/** A workspace open in an engine of its own, with the built-in plugins. */
export interface OpenWorkspace {
  engine: EngineApi
  /** All events so far. */
  events: EngineEvent[]
  /** Resolves with the next event that `isIt` holds for. */
  next(isIt: (event: EngineEvent) => boolean): Promise<EngineEvent>
  /** Opens changed files in the same engine, as an edit on the page does. */
  edit(files: WorkspaceFiles): Promise<ProjectReport>
}

/** Opens a workspace on a device; nothing of it runs yet. Throws what keeps a file from compiling. */
export async function openWorkspace(
  files: WorkspaceFiles,
  device: DevicePreference,
): Promise<OpenWorkspace> {
  const events: EngineEvent[] = []
  const waiting = new Set<(event: EngineEvent) => void>()
  const { engine, edit, problems } = await open(files, {
    device,
    onEvent(record) {
      // As it would reach the page.
      const [event] = parseEvents([structuredClone(record)])
      if (!event || !isEngineEvent(event)) return
      events.push(event)
      for (const tell of waiting) tell(event)
    },
  })
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'))
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
