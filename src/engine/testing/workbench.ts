// For unit tests: an engine in memory, opened on a workspace given as text, with all its events kept.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  type Asset,
  type EventData,
  type EventType,
  isEngineEvent,
  parseEvents,
  type PluginInfo,
} from '#protocol'
import { EngineError, type EventRecord, type PluginClass } from '#sdk'
import { createEngine, type Device, type Engine, type GroupMember } from '../index.ts'
import type { ServiceReplacements } from '../services/index.ts'
import { compileFiles, nodeModuleHost } from './modules.ts'

export interface WorkbenchOptions {
  /** Built-in plugins. */
  plugins?: readonly PluginClass[]
  /** Services in place of others. */
  services?: ServiceReplacements
  /** Its place among engines that train together. */
  group?: GroupMember
  /** Files that `ctx.asset` can read. */
  assets?: Record<string, string | Uint8Array>
  /** Where its device compiles. */
  compileWork?: Device['compileWork']
}

/** Text of a plugin file: `body` are the members of its class. */
export function pluginFile(
  manifest: { name: string; [key: string]: unknown },
  body = '',
  spec = '',
): string {
  const text = JSON.stringify({ version: '1.0.0', ...manifest })
  return `import { plugin, z, defineService, every, after } from 'plugboard'
export default class extends plugin({ manifest: ${text}, ${spec} }) {
${body}
}
void [z, defineService, every, after]
`
}

export class Workbench {
  readonly engine: Engine
  readonly records: EventRecord[] = []
  /** Labels that the engine gave before it ran plugins' code. */
  readonly entered: string[] = []
  loseDevice: (reason: string) => void = () => {}

  readonly #assets: NonNullable<WorkbenchOptions['assets']>
  readonly #compileWork: WorkbenchOptions['compileWork']

  constructor(options: WorkbenchOptions = {}) {
    const { plugins = [], services = [], group, assets = {}, compileWork } = options
    this.#assets = assets
    this.#compileWork = compileWork
    this.engine = createEngine({
      plugins,
      services,
      group,
      onEvent: (record) => {
        this.records.push(record)
        // As the page does: an event that does not fit its schema fails the test.
        const [event] = parseEvents([structuredClone(record)]) as [EventRecord]
        if (!isEngineEvent(event) || event.type !== 'asset.request') return
        const { id, path } = event.data
        const content = assets[path]
        const text = typeof content === 'string' ? new TextEncoder().encode(content) : content
        const bytes = text === undefined ? null : text.slice().buffer
        void this.engine.provideAsset(id, bytes)
      },
      host: {
        modules: nodeModuleHost,
        openDevice: () => this.#openDevice(),
        now: () => Date.now(),
        breathe: () => new Promise((resolve) => void setTimeout(resolve, 0)),
        beat: () => undefined,
        enter: (label) => void this.entered.push(label),
      },
    })
  }

  /** Files as the page lists them; a changed one has another version. */
  #listed(): Asset[] {
    return Object.entries(this.#assets).map(([path, content]) => ({
      path,
      version: String(content),
    }))
  }

  async #openDevice(): Promise<Device> {
    await tf.setBackend('cpu')
    return {
      info: { backend: 'cpu', label: 'CPU', reason: 'a test', isSoftware: true, features: [] },
      memory: () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }),
      lost: new Promise((resolve) => {
        this.loseDevice = resolve
      }),
      ...(this.#compileWork && { compileWork: this.#compileWork }),
      dispose: () => undefined,
    }
  }

  /** Opens a workspace: sources and manifests by path, and the text of plugboard.yaml. */
  async open(files: Record<string, string>, config = '') {
    const all = Object.entries(files)
    const modules = await compileFiles(
      Object.fromEntries(all.filter(([path]) => path.endsWith('.ts'))),
    )
    const manifests = all.flatMap(([path, text]) => (path.endsWith('.ts') ? [] : { path, text }))
    return await this.engine.open({ config, modules, manifests, assets: this.#listed() })
  }

  /** Opens and activates. */
  async up(files: Record<string, string>, config = '') {
    await this.open(files, config)
    return await this.engine.activate()
  }

  /** Opens, boots and starts a run. */
  async start(files: Record<string, string>, config: string): Promise<string> {
    await this.open(files, config)
    await this.engine.boot({ device: 'cpu' })
    return await this.engine.startRun()
  }

  /** Trains to the end. Returns how the run ended. */
  async train(files: Record<string, string>, config: string) {
    await this.start(files, config)
    return await this.ended()
  }

  /** Resolves with the last event of a type that passes, past ones included. */
  async once<T extends EventType>(
    type: T,
    passes: (data: EventData<T>) => boolean = () => true,
  ): Promise<EventData<T>> {
    for (;;) {
      const found = this.events(type).findLast(passes)
      if (found) return found
      await new Promise<void>((resolve) => void setTimeout(resolve, 1))
    }
  }

  ended() {
    return this.once('run.state', ({ state }) => state === 'ended')
  }

  async plugin(name: string): Promise<PluginInfo> {
    const found = (await this.engine.report()).plugins.find(
      ({ manifest }) => manifest.name === name,
    )
    if (!found) throw new EngineError({ code: 'plugin.unknown', message: `no plugin ${name}` })
    return found
  }

  /** Data of all events of one type. */
  events<T extends EventType>(type: T): EventData<T>[] {
    return this.records
      .filter((record) => record.type === type)
      .map(({ data }) => data as EventData<T>)
  }

  /** States that a plugin went through, so far. */
  states(name: string): string[] {
    return this.events('plugin.state').flatMap((event) =>
      event.name === name ? [event.state] : [],
    )
  }
}
