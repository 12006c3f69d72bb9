// Checkpoints as files of a folder: written as they are taken, read where an experiment begins from one.
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CheckpointSource, EngineApi, EngineEvent } from '#protocol'

/** Least time between the checkpoints that a run takes by itself. */
export const CHECKPOINT_EVERY_MS = 60_000
const IS_CHECKPOINT = /^checkpoints\/[\w.-]+\.safetensors$/

/** Where the checkpoints of a workspace lie unless the command line says otherwise. */
export async function defaultFolder(target: string | undefined): Promise<string> {
  const isFolder =
    target !== undefined && (await stat(target).catch(() => undefined))?.isDirectory()
  return join(isFolder ? target : '.', 'checkpoints')
}

/** A checkpoint's file. Throws, naming it, when it cannot be read. */
export async function readCheckpointFile(path: string): Promise<CheckpointSource> {
  try {
    return { path, bytes: new Uint8Array(await readFile(path)) }
  } catch (thrown) {
    throw new Error(`The checkpoint '${path}' cannot be read: ${(thrown as Error).message}`, {
      cause: thrown,
    })
  }
}

export class CheckpointFolder {
  readonly path: string
  readonly #onFailure: (message: string) => void
  /** Files are written one after the other, in the order in which they were taken. */
  #written: Promise<void> = Promise.resolve()

  constructor(path: string, onFailure: (message: string) => void) {
    this.path = path
    this.#onFailure = onFailure
  }

  /** Follows the checkpoints of a run. Training goes on meanwhile, also when a file cannot be written. */
  follow(event: EngineEvent, engine: EngineApi): void {
    if (event.type === 'run.checkpoint') {
      const { key, path, sizeBytes } = event.data
      const bytes = engine.checkpoint(key, 0, sizeBytes)
      this.#then(path, async (file) => {
        const content = await bytes
        // Replaced before it was read: the one that came after is written next.
        if (!content) return
        await mkdir(this.path, { recursive: true })
        // Under another name first, so that a half written file never takes the place of a whole one.
        await writeFile(`${file}.part`, content)
        await rename(`${file}.part`, file)
        await engine.takeCheckpoint(key)
      })
    } else if (event.type === 'run.checkpoint_removed') {
      this.#then(`${event.data.name}.safetensors`, (file) => rm(file, { force: true }))
    }
  }

  #then(path: string, work: (file: string) => Promise<void>): void {
    const file = join(this.path, basename(path))
    this.#written = this.#written
      .then(() => work(file))
      .catch((thrown: unknown) => this.#onFailure(`${file}: ${(thrown as Error).message}`))
  }

  /** Resolves when all files are written. */
  settled(): Promise<void> {
    return this.#written
  }

  /** Bytes of `checkpoints/….safetensors`; `undefined` for any other path, and when there is none. */
  async read(path: string): Promise<ArrayBuffer | undefined> {
    if (!IS_CHECKPOINT.test(path)) return undefined
    const bytes = await readFile(join(this.path, basename(path))).catch(() => undefined)
    return bytes && new Uint8Array(bytes).buffer
  }
}
