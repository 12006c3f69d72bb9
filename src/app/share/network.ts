// Fetches from other hosts, and only from those that the reader agreed to. Nothing of the reader goes along.
import { type Files, loadPackages, type PackageIo } from '#workspace'
import { workspaceStore } from '../workspace/workspace.ts'

/** Waits so long for an answer to begin. */
const TIMEOUT_MS = 30_000

async function readAll(response: Response, url: string, maxBytes: number) {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let total = 0
  const reader = response.body?.getReader()
  for (let next = await reader?.read(); next && !next.done; next = await reader!.read()) {
    total += next.value.length
    if (total > maxBytes) {
      await reader!.cancel()
      throw new Error(
        `${url} has more than ${Math.round(maxBytes / 1024)} KiB, which is the limit.`,
      )
    }
    parts.push(next.value)
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

/** What fetches from `hosts`, and from where this page came from; addresses of others are refused by name. */
export function networkOf(hosts: readonly string[]): Pick<PackageIo, 'fetch'> {
  const isAgreed = (url: URL): boolean => url.origin === location.origin || hosts.includes(url.host)
  const refuse = (url: URL): Error =>
    new Error(
      `${url.host} would be asked for this as well, which you did not agree to. Name its address yourself if you trust it.`,
    )
  return {
    async fetch(address, { accept, maxBytes }) {
      const url = new URL(address, location.href)
      if (!isAgreed(url)) throw refuse(url)
      const response = await fetch(url, {
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(accept === undefined ? {} : { headers: { accept } }),
      }).catch((thrown: unknown) => {
        throw new Error(
          `${url.host} could not be reached, or does not let pages of other sites read ${url.pathname}. Download the file and open it here instead.`,
          { cause: thrown },
        )
      })
      const last = new URL(response.url === '' ? url : response.url)
      if (!isAgreed(last)) throw refuse(last)
      if (response.ok) return await readAll(response, url.href, maxBytes)
      const isLimited = response.status === 403 || response.status === 429
      const why =
        response.status === 404
          ? 'there is nothing at this address'
          : isLimited
            ? 'the host takes no more requests for now'
            : `status ${response.status}`
      throw new Error(`${url.href} was refused: ${why}.`)
    },
  }
}

/** Files of a folder of the open workspace, or the bytes of an archive in it. */
function localOf(path: string): Files | Uint8Array<ArrayBuffer> {
  const { files } = workspaceStore.getState()
  const name = path.replace(/^\.?\//, '').replace(/\/$/, '')
  const file = files.get(name)
  if (file instanceof Uint8Array) return file
  const inside = [...files].filter(([each]) => each.startsWith(`${name}/`))
  if (inside.length === 0) throw new Error(`This workspace has no folder or archive ${path}.`)
  return new Map(inside.map(([each, content]) => [each.slice(name.length + 1), content]))
}

/** The surroundings of packages in the page. */
export async function packageIo(hosts: readonly string[]): Promise<PackageIo> {
  const { NPM_REGISTRY } = await loadPackages()
  return {
    registry: NPM_REGISTRY,
    ...networkOf(hosts),
    sha512: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-512', bytes)),
    local: async (path) => localOf(path),
  }
}
