// Brings a package to be looked at, from the place a reader named. Nothing is installed by it.
import { loadPackages, type ListedPackage, type ResolvedPackage } from '#workspace'
import { packageIo } from '../share/network.ts'

/** A package that could be installed, with what packages.yaml will say of its source. */
export interface Candidate {
  resolved: ResolvedPackage
  /** `undefined` for a file of this computer, which nobody else has. */
  spec: string | undefined
}

/** Hosts that a request would ask. Throws an `Error` that says what may be written. */
export async function hostsFor(request: string): Promise<string[]> {
  const { hostsOf, NPM_REGISTRY, parseRequest, parseSource } = await loadPackages()
  const { name = '', spec } = parseRequest(request.trim())
  return hostsOf(parseSource(name, spec), NPM_REGISTRY)
}

/** Fetches what a reader typed: a name, an address, `github:…`, `./folder`. Asks `hosts` alone. */
export async function fetchRequest(request: string, hosts: readonly string[]): Promise<Candidate> {
  const { parseRequest, parseSource, resolvePackage } = await loadPackages()
  const { name = '', spec } = parseRequest(request.trim())
  const resolved = await resolvePackage(await packageIo(hosts), parseSource(name, spec))
  return { resolved, spec: spec === '*' ? `^${resolved.version}` : spec }
}

/** Fetches a package of an index, which must be to the byte what the index says. */
export async function fetchListed(
  { url, integrity, version }: ListedPackage,
  index: string,
): Promise<Candidate> {
  const { resolvePackage } = await loadPackages()
  const address = new URL(url, index)
  // The reader agreed to the index's host; its archives lie there as well.
  const io = await packageIo([new URL(index).host])
  const locked = { version, resolved: address.href, integrity }
  const source = { kind: 'url' as const, url: address.href }
  return { resolved: await resolvePackage(io, source, locked), spec: address.href }
}

/** Reads an archive of this computer. */
export async function readFileAsPackage(file: File): Promise<Candidate> {
  const { integrityOf, readPackage } = await loadPackages()
  const bytes = new Uint8Array(await file.arrayBuffer())
  const pack = await readPackage(bytes, file.name)
  const integrity = await integrityOf(await packageIo([]), bytes)
  const { version } = pack.json
  return { resolved: { version, resolved: file.name, integrity, package: pack }, spec: undefined }
}
