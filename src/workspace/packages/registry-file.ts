// packages.yaml says which packages a workspace wants and from where; packages.lock.json which versions it has.
import { isMap, isScalar, parseDocument } from 'yaml'
import { z } from '#sdk'
import type { Files } from '../files.ts'
import { nameProblem } from './package-json.ts'
import type { Resolution } from './resolve.ts'
import { removeValue, setValue } from '../yaml/index.ts'
import { parseSource, type PackageSource } from './source.ts'

export const PACKAGES_FILE = 'packages.yaml'
export const LOCK_FILE = 'packages.lock.json'

/** Longest text of either that is read. */
const MAX_LENGTH = 200_000

const HEAD = '# Packages of this workspace: name and source, as in the dependencies of npm.\n'

export interface WantedPackage {
  name: string
  spec: string
  source: PackageSource
}

/** Packages that packages.yaml names, in its order. Throws an `Error` that names the line of what is wrong. */
export function wantedPackages(files: Files): WantedPackage[] {
  const text = files.get(PACKAGES_FILE)
  if (typeof text !== 'string') return []
  if (text.length > MAX_LENGTH)
    throw new Error(`${PACKAGES_FILE} has more than ${MAX_LENGTH} characters.`)
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) throw new Error(`${PACKAGES_FILE}: ${error.message}`)
  const { contents } = document
  if (contents === null || (isScalar(contents) && contents.value === null)) return []
  if (!isMap(contents))
    throw new Error(`${PACKAGES_FILE} is a map of names to sources: \`name: ^1.2\`.`)
  return contents.items.map(({ key, value }) => {
    const name = String(key)
    // A range of digits, such as 1 or 1.2, is a number to YAML.
    const spec = z.union([z.string(), z.number().transform(String)]).safeParse(document.get(key))
    const problem = nameProblem(name)
    if (problem !== undefined)
      throw new Error(`${PACKAGES_FILE}: ${name.slice(0, 100)}: ${problem}`)
    if (!spec.success)
      throw new Error(`${PACKAGES_FILE}: ${name} needs a source, not ${String(value)}.`)
    try {
      return { name, spec: spec.data, source: parseSource(name, spec.data) }
    } catch (thrown) {
      throw new Error(`${PACKAGES_FILE}: ${name}: ${(thrown as Error).message}`, { cause: thrown })
    }
  })
}

/** The text of packages.yaml with the source of a package; `null` takes the package out. Comments stay. */
export function withWanted(text: string | undefined, name: string, spec: string | null): string {
  const before = text ?? HEAD
  return spec === null ? removeValue(before, [name]) : setValue(before, [name], spec)
}

const lockSchema = z.object({
  lockfileVersion: z.literal(1),
  packages: z.record(
    z.string().max(214),
    z.object({
      source: z.string().max(2000),
      version: z.string().max(100),
      resolved: z.string().max(2000),
      integrity: z.string().max(200),
    }),
  ),
})
export type LockedPackage = z.output<typeof lockSchema>['packages'][string]

/** What packages.lock.json says, by name. Throws an `Error` for one that cannot be read. */
export function lockedPackages(files: Files): ReadonlyMap<string, LockedPackage> {
  const text = files.get(LOCK_FILE)
  if (text === undefined) return new Map()
  try {
    if (typeof text !== 'string' || text.length > MAX_LENGTH) throw new Error('it is too long')
    return new Map(Object.entries(lockSchema.parse(JSON.parse(text)).packages))
  } catch (thrown) {
    const reason =
      thrown instanceof z.ZodError ? z.prettifyError(thrown) : (thrown as Error).message
    throw new Error(`${LOCK_FILE} cannot be read: ${reason}. Delete it to choose versions anew.`, {
      cause: thrown,
    })
  }
}

/** The lock with the resolution of a package; `null` takes the package out. */
export function withLocked(
  files: Files,
  name: string,
  locked: (Resolution & { source: string }) | null,
): string {
  const packages = new Map(lockedPackages(files))
  if (locked === null) packages.delete(name)
  else {
    const { source, version, resolved, integrity } = locked
    packages.set(name, { source, version, resolved, integrity })
  }
  const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1))
  return `${JSON.stringify({ lockfileVersion: 1, packages: Object.fromEntries(sorted) }, null, 2)}\n`
}
