// The named artefacts of an engine, in memory, told to the page by events.
import { MAX_NAME } from '#protocol'
import { type ArtefactInfo, type Artefacts, EngineError } from '#sdk'
import type { EventBus } from '../events/event-bus.ts'

/** Most bytes of all artefacts together. */
const MAX_BYTES = 64 * 2 ** 20
const NAME = /^[\w][\w. -]*(?:\/[\w][\w. -]*)*$/

interface Artefact {
  readonly plugin: string
  type: string
  /** As they were written: joined only when they are read. */
  pieces: Uint8Array[]
  sizeBytes: number
}

export class ArtefactStore {
  readonly #bus: EventBus
  readonly #artefacts = new Map<string, Artefact>()
  #totalBytes = 0

  constructor(bus: EventBus) {
    this.#bus = bus
  }

  /** The store as one plugin has it. */
  of(plugin: string): Artefacts {
    return {
      put: (name, content, { type = typeOf(content) } = {}) => {
        const known = this.#take(plugin, name)
        return this.#write(name, { plugin, type, pieces: [], sizeBytes: 0 }, content, known)
      },
      append: (name, text, { type = typeOf(text) } = {}) => {
        const known = this.#take(plugin, name)
        return this.#write(name, known ?? { plugin, type, pieces: [], sizeBytes: 0 }, text)
      },
      read: (name) => this.read(name),
      list: () => this.list(),
      remove: (name) => this.#remove(plugin, name),
    }
  }

  read(name: string): Uint8Array<ArrayBuffer> | undefined {
    const artefact = this.#artefacts.get(name)
    if (!artefact) return undefined
    const bytes = new Uint8Array(artefact.sizeBytes)
    let offset = 0
    for (const piece of artefact.pieces) {
      bytes.set(piece, offset)
      offset += piece.length
    }
    return bytes
  }

  list(): ArtefactInfo[] {
    return [...this.#artefacts].map(([name, artefact]) => infoOf(name, artefact))
  }

  /** The artefact of a name that the plugin may write. */
  #take(plugin: string, name: string): Artefact | undefined {
    if (typeof name !== 'string' || name.length > MAX_NAME || !NAME.test(name)) {
      throw invalid(plugin, name, 'is not a name', 'take one such as `logs/run.jsonl`')
    }
    const known = this.#artefacts.get(name)
    if (known && known.plugin !== plugin) {
      const hint = `put it under a name of its own, such as \`${plugin}/${name}\``
      throw invalid(plugin, name, `belongs to ${known.plugin}`, hint)
    }
    return known
  }

  /** Adds `content` to `artefact`, which takes the place of `former`. */
  #write(
    name: string,
    artefact: Artefact,
    content: string | Uint8Array,
    former?: Artefact,
  ): ArtefactInfo {
    const { plugin } = artefact
    if (typeof content !== 'string' && !ArrayBuffer.isView(content)) {
      throw invalid(plugin, name, `has ${typeof content} as its content`, 'put text or bytes')
    }
    const piece = typeof content === 'string' ? new TextEncoder().encode(content) : content.slice()
    const totalBytes = this.#totalBytes + piece.length - (former?.sizeBytes ?? 0)
    if (totalBytes > MAX_BYTES) {
      const problem = `would bring all artefacts to ${totalBytes} bytes, over ${MAX_BYTES}`
      throw invalid(plugin, name, problem, 'write less, or remove what is no longer needed')
    }
    this.#totalBytes = totalBytes
    artefact.pieces.push(piece)
    artefact.sizeBytes += piece.length
    this.#artefacts.set(name, artefact)
    const info = infoOf(name, artefact)
    this.#bus.emit('artefact.saved', { name, type: info.type, sizeBytes: info.sizeBytes }, plugin)
    return info
  }

  #remove(plugin: string, name: string): void {
    const known = this.#take(plugin, name)
    if (!known) return
    this.#artefacts.delete(name)
    this.#totalBytes -= known.sizeBytes
    this.#bus.emit('artefact.removed', { name }, plugin)
  }
}

const typeOf = (content: unknown): string =>
  typeof content === 'string' ? 'text/plain' : 'application/octet-stream'

const infoOf = (name: string, { plugin, type, sizeBytes }: Artefact): ArtefactInfo => ({
  name,
  type: String(type).slice(0, MAX_NAME),
  sizeBytes,
  plugin,
})

const invalid = (plugin: string, name: unknown, problem: string, hint: string): EngineError =>
  new EngineError({
    code: 'artefact.invalid',
    plugin,
    message: `the artefact \`${String(name).slice(0, MAX_NAME)}\` of ${plugin} ${problem}`,
    hint,
  })
