// What packages need of Node: addresses, hashes, folders and archives on disk.
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackageIo } from '#workspace'
import { readFolder } from './read-workspace.ts'

/** The registry that npm itself would ask, where the environment names one. */
const registry = (): string =>
  (process.env['npm_config_registry'] ?? 'https://registry.npmjs.org').replace(/\/$/, '')

/** Local paths begin at `folder`. */
export function nodePackageIo(folder: string): PackageIo {
  return {
    registry: registry(),
    async fetch(url, { accept, maxBytes }) {
      const response = await fetch(url, accept === undefined ? {} : { headers: { accept } }).catch(
        (thrown: unknown) => {
          throw new Error(`${url} cannot be reached: ${reasonOf(thrown)}.`, { cause: thrown })
        },
      )
      if (!response.ok) throw new Error(`${url} answered with ${response.status}.`)
      const parts: Uint8Array[] = []
      let total = 0
      for await (const part of response.body ?? []) {
        total += part.length
        if (total > maxBytes) throw new Error(`${url} has more than ${maxBytes} bytes.`)
        parts.push(part)
      }
      return new Uint8Array(Buffer.concat(parts))
    },
    async sha512(bytes) {
      return createHash('sha512').update(bytes).digest()
    },
    async local(path) {
      const place = join(folder, path)
      const found = await stat(place).catch(() => undefined)
      if (!found) throw new Error(`There is no folder or archive '${path}' in '${folder}'.`)
      return found.isDirectory() ? readFolder(place) : new Uint8Array(await readFile(place))
    },
  }
}

const reasonOf = (thrown: unknown): string => {
  const { cause, message } = thrown as Error
  return cause instanceof Error ? cause.message : message
}
