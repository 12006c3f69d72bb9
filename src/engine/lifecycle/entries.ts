// Where the code of plugins begins: files of plugin folders, what plugin.yaml names, what packages name.
import type { TextFile } from '#protocol'
import { EngineError, type SourceLocation } from '#sdk'
import { parsePackageFile, parsePluginFile, type PluginFile } from '../config/index.ts'
import type { ModulePlan } from '../modules/index.ts'
import { nameHint } from '../nearest.ts'

const PACKAGE_FILE = /^packages\/[^/]+\/package\.json$/

/** A module whose default export is a plugin, or several. */
export interface Entry {
  readonly path: string
  /** Its manifest, where that is not in the code. */
  readonly file?: PluginFile
}

/**
 * Finds the entries of a project: `<folder>/*.ts` and `<folder>/<name>/index.ts` of each plugin folder, the entry
 * of each plugin.yaml in one, the files that packages name. What is named and not there is a problem at its place.
 */
export function findEntries(
  plan: ModulePlan,
  manifests: readonly TextFile[],
  folders: readonly string[],
): { entries: readonly Entry[]; problems: readonly EngineError[] } {
  const problems: EngineError[] = []
  const entries = new Map<string, Entry>()
  /** Folders whose plugin.yaml cannot be read: that is the one problem of what is in them. */
  const unread: string[] = []
  const packaged: string[] = []
  const named = (from: string, entry: string, source: SourceLocation): string | undefined => {
    const path = plan.resolve(from, entry)
    const isThere = path !== undefined && hasDefault(plan, path)
    if (!isThere) problems.push(missing(from, entry, path, source, plan))
    return isThere ? path : undefined
  }

  for (const { path, text } of manifests) {
    if (PACKAGE_FILE.test(path)) {
      const { file, problems: ofFile } = parsePackageFile(path, text)
      problems.push(...ofFile)
      for (const { entry, path: at } of file?.entries ?? []) {
        const found = named(path, entry, file!.locate(at))
        if (found !== undefined) packaged.push(found)
      }
    } else if (isIn(path, folders) || path.startsWith('packages/')) {
      const { file, problems: ofFile } = parsePluginFile(path, text)
      problems.push(...ofFile)
      if (!file) unread.push(path.slice(0, path.lastIndexOf('/')))
      const found = file && named(path, file.entry, file.locate(['entry']))
      if (found !== undefined) entries.set(found, { path: found, file })
    }
  }
  for (const path of packaged)
    if (!entries.has(path) && !isIn(path, unread)) entries.set(path, { path })
  const imported = new Set(plan.files.flatMap((path) => [...plan.importsOf(path)]))
  for (const path of plan.files) {
    if (!folders.some((folder) => isEntry(path, folder))) continue
    if (entries.has(path) || isIn(path, unread)) continue
    if (hasDefault(plan, path)) entries.set(path, { path })
    else if (!imported.has(path)) problems.push(noDefault(path))
  }
  const order = [...plan.files, ...entries.keys()]
  return { entries: [...new Set(order)].flatMap((path) => entries.get(path) ?? []), problems }
}

const isIn = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path.startsWith(`${folder}/`))

/** `<folder>/a.ts` or `<folder>/a/index.ts`. */
function isEntry(path: string, folder: string): boolean {
  if (!path.startsWith(`${folder}/`) || !path.endsWith('.ts')) return false
  const rest = path.slice(folder.length + 1).split('/')
  return rest.length === 1 || (rest.length === 2 && rest[1] === 'index.ts')
}

/** What is broken is not known to lack one: its own problem is told. */
const hasDefault = (plan: ModulePlan, path: string): boolean =>
  !plan.isParsed(path) || plan.parsed(path).exports.has('default')

function noDefault(path: string): EngineError {
  return new EngineError({
    code: 'plugin.export',
    message: `${path} has no default export`,
    source: { file: path, line: 1, column: 1 },
    hint: 'write `export default class … extends plugin({ manifest: … })`, or move a library out of plugins/',
  })
}

function missing(
  from: string,
  entry: string,
  path: string | undefined,
  source: SourceLocation,
  plan: ModulePlan,
): EngineError {
  const folder = from.slice(0, from.lastIndexOf('/') + 1)
  const there = plan.files.flatMap((file) =>
    file.startsWith(folder) ? `./${file.slice(folder.length)}` : [],
  )
  return new EngineError({
    code: 'plugin.export',
    message:
      path === undefined
        ? `${from} names ${entry} as code of a plugin, which is not in the workspace`
        : `${from} names ${entry} as code of a plugin, which has no default export`,
    source,
    hint:
      path === undefined
        ? nameHint(entry, there)
        : 'write `export default class … extends plugin({ … })` there',
  })
}
