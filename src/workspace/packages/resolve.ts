// From the source of a package to one version of it, checked against its hash.
import satisfies from 'semver/functions/satisfies'
import maxSatisfying from 'semver/ranges/max-satisfying'
import { z } from '#sdk'
import { filesProblem, type Files } from '../files.ts'
import { frame } from '../link/framing.ts'
import { MAX_ARCHIVE_BYTES } from './archive.ts'
import { fetchGitHub } from './github.ts'
import { fetchJson, integrityOf, type PackageIo } from './io.ts'
import { packageOf, type PluginPackage, readPackage } from './read-package.ts'
import type { PackageSource } from './source.ts'

/** A version that was chosen, as the lock keeps it. */
export interface Resolution {
  version: string
  /** Address of just this version; a path for local ones. */
  resolved: string
  /** `sha512-…` of the archive, or of the files where there is none. */
  integrity: string
}
export interface ResolvedPackage extends Resolution {
  package: PluginPackage
}

const text = z.string().max(2000)
const packument = z.object({
  'dist-tags': z.record(text, text).default({}),
  versions: z.record(
    text,
    z.object({
      dist: z.object({ tarball: z.url().max(2000), integrity: text.optional() }),
      deprecated: z.union([z.string(), z.boolean()]).optional(),
    }),
  ),
})
type Packument = z.output<typeof packument>

/** npm's short form of what it knows of a package. */
const SHORT = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8'

/**
 * The version that npm takes for a range: the one of a tag of this name, `latest` if it fits, else the highest that
 * fits and is not deprecated, else the highest that fits (npm-pick-manifest).
 */
function pickVersion(
  { 'dist-tags': tags, versions }: Packument,
  range: string,
): string | undefined {
  if (Object.hasOwn(tags, range)) return tags[range]
  const { latest } = tags
  if (latest !== undefined && Object.hasOwn(versions, latest) && satisfies(latest, range)) {
    return latest
  }
  const all = Object.keys(versions)
  const supported = all.filter((version) => !versions[version]!.deprecated)
  return maxSatisfying(supported, range) ?? maxSatisfying(all, range) ?? undefined
}

async function askRegistry(
  io: PackageIo,
  name: string,
  range: string,
): Promise<{ url: string; integrity: string | undefined }> {
  const url = `${io.registry}/${name.replace('/', '%2f')}`
  const known = await fetchJson(io, url, packument, { accept: SHORT })
  const version = pickVersion(known, range)
  const found = version === undefined ? undefined : known.versions[version]
  if (!found) {
    const last = Object.keys(known.versions).slice(-5).join(', ')
    throw new Error(`No version of ${name} fits ${range}; the last ones are ${last}.`)
  }
  return { url: found.dist.tarball, integrity: found.dist.integrity }
}

/** Throws where a hash of the kind that is checked is told and another one was found. */
function check(what: string, told: string | undefined, found: string): void {
  const hashes = told?.split(/\s+/).filter((hash) => hash.startsWith('sha512-')) ?? []
  if (hashes.length === 0 || hashes.includes(found)) return
  throw new Error(
    `${what} is not what it was: its hash is ${found.slice(0, 24)}…, and ${hashes[0]!.slice(0, 24)}… was expected. Somebody changed it, or the download was damaged; nothing was installed.`,
  )
}

async function fromArchive(
  io: PackageIo,
  what: string,
  bytes: Uint8Array<ArrayBuffer>,
  told: string | undefined,
): Promise<ResolvedPackage> {
  const integrity = await integrityOf(io, bytes)
  check(what, told, integrity)
  const pack = await readPackage(bytes, what)
  return { version: pack.json.version, resolved: what, integrity, package: pack }
}

async function fromFiles(
  io: PackageIo,
  what: string,
  files: Files,
  told: string | undefined,
): Promise<ResolvedPackage> {
  const problem = filesProblem(files)
  if (problem !== undefined) throw new Error(`${what} cannot be taken: ${problem}`)
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  const integrity = await integrityOf(io, frame({ name: '', files: new Map(sorted) }))
  check(what, told, integrity)
  const pack = packageOf(files, what)
  return { version: pack.json.version, resolved: what, integrity, package: pack }
}

/**
 * Fetches a package. With `locked`, the version that was chosen before, and only if it is the same to the byte.
 * Rejects with an `Error` that names the source and what is wrong.
 */
export async function resolvePackage(
  io: PackageIo,
  source: PackageSource,
  locked?: Resolution,
): Promise<ResolvedPackage> {
  const fetch = (url: string) => io.fetch(url, { maxBytes: MAX_ARCHIVE_BYTES })
  if (source.kind === 'local') {
    const found = await io.local(source.path)
    return found instanceof Uint8Array
      ? fromArchive(io, source.path, found, undefined)
      : fromFiles(io, source.path, found, undefined)
  }
  if (source.kind === 'github') {
    const ref = /#([0-9a-f]{40})$/.exec(locked?.resolved ?? '')?.[1] ?? source.ref
    const { commit, files } = await fetchGitHub(io, { ...source, ref })
    const what = `github:${source.owner}/${source.repo}#${commit}`
    return fromFiles(io, what, files, locked?.integrity)
  }
  if (locked)
    return fromArchive(io, locked.resolved, await fetch(locked.resolved), locked.integrity)
  if (source.kind === 'url') {
    return fromArchive(io, source.url, await fetch(source.url), undefined)
  }
  const { url, integrity } = await askRegistry(io, source.name, source.range)
  return fromArchive(io, url, await fetch(url), integrity)
}
