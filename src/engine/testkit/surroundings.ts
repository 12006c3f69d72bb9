// Where the kit is used: inside an engine that runs tests, or alone.
import * as tf from '@tensorflow/tfjs'
import type { EventData } from '#protocol'
import { type DeviceInfo, EngineError, type PluginClass } from '#sdk'
import { ModuleGraph } from '../modules/index.ts'
import type { TestedWorkspace } from './described.ts'

/** What engines made in tests have from the engine that runs them. */
export interface Surroundings {
  /** Plugins that are there without being given. */
  readonly builtins: readonly PluginClass[]
  /** Leads errors of the tests and of what they import back to their source. */
  readonly modules: ModuleGraph
  /** The workspace that the tests are in. */
  readonly workspace: TestedWorkspace | undefined
  readonly device: DeviceInfo
  asset(path: string): Promise<ArrayBuffer>
  /** Gets their log lines. */
  onLog(line: EventData<'log'>, plugin: string | undefined): void
  /** A sign of life from inside synchronous work. */
  beat(): void
  /** What ends a run of an engine made in a test, for as long as it is under way. */
  readonly runs: Set<() => void>
}

let current: Surroundings | undefined

/** Runs `work`, which is all tests of one engine, with what the kit has from that engine. */
export async function within<T>(surroundings: Surroundings, work: () => Promise<T>): Promise<T> {
  if (current) {
    throw new EngineError({
      code: 'run.state',
      message: 'tests are running already, in this engine or another of this thread',
      hint: 'wait until they have ended',
    })
  }
  current = surroundings
  try {
    return await work()
  } finally {
    current = undefined
    // A test that was given up may have left one behind: it would go on beside whatever comes next.
    for (const end of surroundings.runs) end()
  }
}

/** Those of the engine that runs tests now. In a test runner of another make: nothing but tfjs as it is. */
export const surroundings = (): Surroundings => current ?? alone()

function alone(): Surroundings {
  const refuse = (what: string): never => {
    throw new EngineError({
      code: 'module.missing',
      message: `a test asks for ${what}, but no engine runs it`,
      hint: 'run it with the workspace, or give what it needs to createTestEngine',
    })
  }
  const host = {
    urlOf: () => refuse('modules'),
    revoke: () => undefined,
    import: async () => refuse('modules'),
  }
  return {
    builtins: [],
    modules: new ModuleGraph(host, {}),
    workspace: undefined,
    device: {
      backend: (tf.getBackend() || 'cpu') as DeviceInfo['backend'],
      label: 'device of the test',
      reason: 'tests take what there is',
      isSoftware: true,
      features: [],
    },
    asset: async (path) => refuse(`the file ${path}`),
    onLog: () => undefined,
    beat: () => undefined,
    runs: new Set(),
  }
}
