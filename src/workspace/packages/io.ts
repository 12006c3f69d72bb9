// What packages need of the surroundings: addresses, hashes, files of this computer. Differs between page and Node.
import { z } from '#sdk'
import { toBase64Url } from '../link/base64url.ts'
import type { Files } from '../files.ts'

export interface PackageIo {
  /** Where npm packages come from, without a slash at the end: https://registry.npmjs.org. */
  readonly registry: string
  /**
   * Bytes of an address. Rejects with an `Error` that names the address and the reason: the reader said no, no
   * network, a status that is no success, more than `maxBytes`.
   */
  fetch(
    url: string,
    options: { accept?: string; maxBytes: number },
  ): Promise<Uint8Array<ArrayBuffer>>
  sha512(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
  /** A folder's files, or the bytes of an archive. Rejects where there is neither. */
  local(path: string): Promise<Files | Uint8Array<ArrayBuffer>>
}

export const NPM_REGISTRY = 'https://registry.npmjs.org'

/** JSON of an address, checked. `what` is the subject of the error for data of another form. */
export async function fetchJson<T extends z.ZodType>(
  io: Pick<PackageIo, 'fetch'>,
  url: string,
  schema: T,
  { accept = 'application/json', maxBytes = 16 * 1024 * 1024 } = {},
): Promise<z.output<T>> {
  const bytes = await io.fetch(url, { accept, maxBytes })
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (thrown) {
    throw new Error(`${url} gave no JSON.`, { cause: thrown })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(`${url} gave data of another form: ${z.prettifyError(parsed.error)}`)
}

/** Hash as npm writes it: `sha512-` and base64. */
export async function integrityOf(
  io: Pick<PackageIo, 'sha512'>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const text = toBase64Url(await io.sha512(bytes))
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  return `sha512-${text.padEnd(Math.ceil(text.length / 4) * 4, '=')}`
}
