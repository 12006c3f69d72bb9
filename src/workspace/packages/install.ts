// What installing a package does to a workspace's files: nothing outside of its own folder under packages/.
import { type FileContent, type Files, filesProblem } from '../files.ts'
import { folderOf, packageJsonSchema } from './package-json.ts'
import type { PluginPackage } from './read-package.ts'

/** A package that a workspace has. */
export interface InstalledPackage {
  name: string
  version: string
  description: string
  /** `packages/…`, without a slash at the end. */
  folder: string
}

export interface InstallPlan {
  folder: string
  /** The version that is there already. */
  before?: string
  /** Files to write; `null` marks those to remove. */
  changes: ReadonlyMap<string, FileContent | null>
  added: readonly string[]
  changed: readonly string[]
  removed: readonly string[]
}

const PACKAGE_FILE = /^(packages\/[^/]+)\/package\.json$/

/** Packages of a workspace, by name. A package.json that cannot be read is told by the engine. */
export function installedPackages(files: Files): InstalledPackage[] {
  return [...files]
    .flatMap(([path, text]) => {
      const folder = PACKAGE_FILE.exec(path)?.[1]
      if (folder === undefined || typeof text !== 'string') return []
      try {
        const { name, version, description } = packageJsonSchema.parse(JSON.parse(text))
        return [{ name, version, description, folder }]
      } catch {
        return []
      }
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const isEqual = (a: FileContent, b: FileContent): boolean =>
  typeof a === 'string' || typeof b === 'string'
    ? a === b
    : a.length === b.length && a.every((byte, i) => byte === b[i])

/** Throws an `Error` where the workspace has no room for the package. */
export function planInstall(files: Files, { json, files: own }: PluginPackage): InstallPlan {
  const present = installedPackages(files).find(({ name }) => name === json.name)
  const folder = present?.folder ?? freeFolder(files, folderOf(json.name))
  const changes = new Map<string, FileContent | null>()
  const added: string[] = []
  const changed: string[] = []
  for (const [path, content] of own) {
    const target = `${folder}/${path}`
    const before = files.get(target)
    if (before !== undefined && isEqual(before, content)) continue
    changes.set(target, content)
    ;(before === undefined ? added : changed).push(path)
  }
  const removed = [...files.keys()]
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length + 1))
    .filter((path) => !own.has(path))
  for (const path of removed) changes.set(`${folder}/${path}`, null)
  const problem = filesProblem(withChanges(files, changes))
  if (problem !== undefined) throw new Error(`${json.name} does not fit: ${problem}`)
  return {
    folder,
    ...(present ? { before: present.version } : {}),
    changes,
    added,
    changed,
    removed,
  }
}

/** Removes a package's folder. */
export function planRemoval(files: Files, { folder }: InstalledPackage): ReadonlyMap<string, null> {
  const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`))
  return new Map(inside.map((path) => [path, null]))
}

export function withChanges(
  files: Files,
  changes: ReadonlyMap<string, FileContent | null>,
): Map<string, FileContent> {
  const next = new Map(files)
  for (const [path, content] of changes) {
    if (content === null) next.delete(path)
    else next.set(path, content)
  }
  return next
}

/** `packages/x`, or the first `packages/x-2` that no other files lie in. */
function freeFolder(files: Files, wanted: string): string {
  const isTaken = (folder: string): boolean =>
    [...files.keys()].some((path) => path.toLowerCase().startsWith(`${folder}/`))
  for (let n = 1; ; n++) {
    const folder = n === 1 ? wanted : `${wanted}-${n}`
    if (!isTaken(folder)) return folder
  }
}
