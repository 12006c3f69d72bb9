// What plugins leave for the user, as files of a folder.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EngineApi, EngineEvent } from '#protocol'
import type { ErrorInfo } from '#sdk'

export interface Written {
  readonly paths: readonly string[]
  readonly problems: readonly ErrorInfo[]
}

export class Artefacts {
  readonly #names = new Set<string>()

  follow({ type, data }: EngineEvent): void {
    if (type === 'artefact.saved') this.#names.add(data.name)
    else if (type === 'artefact.removed') this.#names.delete(data.name)
  }

  get names(): string[] {
    return [...this.#names]
  }

  /** Writes them as they are now. Resolves with their paths, and with what is wrong of those that cannot be written. */
  async write(folder: string, engine: EngineApi): Promise<Written> {
    const paths: string[] = []
    const problems: ErrorInfo[] = []
    for (const name of this.#names) {
      const path = join(folder, name)
      const bytes = await engine.artefact(name)
      if (!bytes) continue
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, bytes)
        paths.push(path)
      } catch (thrown) {
        const message = `The artefact ${name} could not be written to '${path}': ${(thrown as Error).message}`
        problems.push({ code: 'engine.internal', message, hint: 'choose another --artefact-dir' })
      }
    }
    return { paths, problems }
  }
}
