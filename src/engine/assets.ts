// Files asked of the page by event, and their bytes as they come back.
import { type FileBytes, MAX_NAME } from '#protocol'
import { EngineError } from '#sdk'
import type { EventBus } from './events/event-bus.ts'

interface Waiting {
  readonly path: string
  resolve(bytes: ArrayBuffer): void
  reject(error: EngineError): void
}

export class AssetInbox {
  readonly #bus: EventBus
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0

  constructor(bus: EventBus) {
    this.#bus = bus
  }

  /** Asks for a file by an `asset.request`. Rejects with `asset.missing` when there is none. */
  request(path: string): Promise<ArrayBuffer> {
    return new Promise((resolve, reject) => {
      const isPath = typeof path === 'string' && path !== '' && path.length <= MAX_NAME
      if (!isPath || path.startsWith('/') || path.split('/').includes('..')) {
        reject(missing(String(path), 'it is not a path inside the workspace'))
        return
      }
      const id = ++this.#lastId
      this.#waiting.set(id, { path, resolve, reject })
      this.#bus.emit('asset.request', { id, path })
    })
  }

  /** The answer to request `id`: its bytes, or why there are none. */
  provide(id: number, bytes: FileBytes | null, message = 'there is no such file'): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) {
      throw new EngineError({
        code: 'engine.internal',
        message: `file ${id} was provided, but nobody waits for it`,
      })
    }
    this.#waiting.delete(id)
    const refuse = (reason: string): void => waiting.reject(missing(waiting.path, reason))
    if (!bytes) refuse(message)
    else if (bytes instanceof ArrayBuffer) waiting.resolve(bytes)
    else bytes.arrayBuffer().then(waiting.resolve, (reason: unknown) => refuse(String(reason)))
  }
}

function missing(path: string, reason: string): EngineError {
  return new EngineError({
    code: 'asset.missing',
    message: `the file \`${path}\` cannot be read: ${reason}`,
    hint: 'paths begin at the root of the workspace: `data/names.txt`',
  })
}
