// Opens and trains workspaces for tests, as the command line does, and keeps their events.
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { openWorkspace as open, parseSetting, readWorkspace as read, withSettings } from '#cli'
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

/** Where the example workspaces are, one folder each. */
export const examplesFolder = fileURLToPath(new URL('../../examples/', import.meta.url))

/** Text files of a workspace by path. */
export type WorkspaceFiles = ReadonlyMap<string, string>

/** Reads an example, all of whose files are text. */
export async function readExample(name: string): Promise<Map<string, string>> {
  return new Map(await read(examplesFolder + name)) as Map<string, string>
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

/**
 * Trains an example on WebAssembly, with training settings (`max_steps=120`) that make it shorter.
 * Resolves with all events.
 */
export async function trainExample(name: string, ...settings: string[]): Promise<EngineEvent[]> {
  const changed = settings.map((it) => parseSetting(`experiment.training.${it}`))
  const files = await withSettings(await readExample(name), changed)
  return runWorkspace(files as WorkspaceFiles, 'wasm')
}

/** Data of the events of one type. */
export const dataOf = <T extends EventType>(events: EngineEvent[], type: T): EventData<T>[] =>
  events.filter((event) => event.type === type).map((event) => event.data as EventData<T>)

/** The last value of a metric among the points of a run. */
export const lastOf = (events: EngineEvent[], metric: string): number | undefined =>
  dataOf(events, 'run.metrics')
    .flatMap(({ points }) => points)
    .findLast(({ values }) => metric in values)?.values[metric]

/** Throws unless the run ended by itself and no plugin failed. */
export function expectNoTrouble(events: EngineEvent[]): void {
  expect(dataOf(events, 'run.state').at(-1)).toMatchObject({ state: 'ended', reason: 'finished' })
  const troubles = ['hook.failed', 'error.uncaught', 'plugin.reload_failed']
  expect(events.filter(({ type }) => troubles.includes(type))).toEqual([])
}
