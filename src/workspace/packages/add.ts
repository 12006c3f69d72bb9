// Adds packages to a workspace: fetched, checked, planned; packages.yaml and the lock follow. Writes nothing itself.
import type { FileContent, Files } from '../files.ts'
import { type InstallPlan, planInstall, withChanges } from './install.ts'
import type { PackageIo } from './io.ts'
import {
  LOCK_FILE,
  lockedPackages,
  PACKAGES_FILE,
  wantedPackages,
  withLocked,
  withWanted,
} from './registry-file.ts'
import { type ResolvedPackage, resolvePackage } from './resolve.ts'
import { parseSource } from './source.ts'

export interface Addition {
  resolved: ResolvedPackage
  plan: InstallPlan
  /** Of the package's folder, packages.yaml and packages.lock.json. */
  changes: ReadonlyMap<string, FileContent | null>
}

/** `files` as they are with a resolved package, its source and its version written down. */
export function additionOf(files: Files, resolved: ResolvedPackage, spec: string): Addition {
  const plan = planInstall(files, resolved.package)
  const { name } = resolved.package.json
  const text = files.get(PACKAGES_FILE)
  const isWritten = wantedPackages(files).some((each) => each.name === name && each.spec === spec)
  const changes = new Map(plan.changes)
  if (!isWritten) {
    changes.set(PACKAGES_FILE, withWanted(typeof text === 'string' ? text : undefined, name, spec))
  }
  const lock = withLocked(files, name, { ...resolved, source: spec })
  if (lock !== files.get(LOCK_FILE)) changes.set(LOCK_FILE, lock)
  return { resolved, plan, changes }
}

/**
 * Fetches a package and plans its place. A name without a range is written as `^` of its version, as npm does.
 * Rejects with what is wrong with source, archive or workspace.
 */
export async function addPackage(
  files: Files,
  { name = '', spec }: { name?: string; spec: string },
  io: PackageIo,
): Promise<Addition> {
  const source = parseSource(name, spec)
  const resolved = await resolvePackage(io, source)
  const found = resolved.package.json.name
  const isAlias = source.kind === 'npm' && source.name !== name && name !== ''
  if (source.kind === 'npm' && found !== source.name) {
    throw new Error(`${source.name} names itself ${found} in its package.json.`)
  }
  if (isAlias) throw new Error(`${name} is ${found}: packages keep their own names here.`)
  return additionOf(files, resolved, spec === '*' ? `^${resolved.version}` : spec)
}

/**
 * Brings every package of packages.yaml, at the version of the lock where that is of the same source; with
 * `isUpdate`, chosen anew. Rejects at the first that cannot be had.
 */
export async function addWanted(
  files: Files,
  io: PackageIo,
  isUpdate = false,
): Promise<{ additions: Addition[]; changes: ReadonlyMap<string, FileContent | null> }> {
  const locks = lockedPackages(files)
  const additions: Addition[] = []
  const changes = new Map<string, FileContent | null>()
  let next: Files = files
  for (const { name, spec, source } of wantedPackages(files)) {
    const lock = locks.get(name)
    const locked = !isUpdate && lock?.source === spec ? lock : undefined
    const resolved = await resolvePackage(io, source, locked)
    const found = resolved.package.json.name
    if (found !== name) throw new Error(`${PACKAGES_FILE}: ${name} is a package named ${found}.`)
    const addition = additionOf(next, resolved, spec)
    additions.push(addition)
    for (const [path, content] of addition.changes) changes.set(path, content)
    next = withChanges(next, addition.changes)
  }
  return { additions, changes }
}

/** Changes that take a package out: its folder, its lines in packages.yaml and the lock. */
export function withoutPackage(
  files: Files,
  name: string,
  removal: ReadonlyMap<string, null>,
): ReadonlyMap<string, FileContent | null> {
  const changes = new Map<string, FileContent | null>(removal)
  const text = files.get(PACKAGES_FILE)
  if (typeof text === 'string') changes.set(PACKAGES_FILE, withWanted(text, name, null))
  if (files.has(LOCK_FILE)) changes.set(LOCK_FILE, withLocked(files, name, null))
  return changes
}
