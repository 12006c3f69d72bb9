// Rules for names of workspace files. The same rules hold for what a user types and for what a link brings.

/** Longest path, in characters. */
const MAX_PATH_LENGTH = 120

/** Sources of the sdk and of built-in plugins are shown under this folder, read-only. */
export const LIBRARY_FOLDER = 'node_modules/'

const SEGMENT = /^[A-Za-z0-9_.-]+$/
/** Names that mean something else on a plain object. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])
/** Names that Windows keeps for devices, whatever their ending: an unpacked workspace could not have such a file. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Says what is wrong with `path`, as a sentence that names the rule; `undefined` for a good path. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'A file needs a name, such as plugins/my-plugin.ts.'
  if (path.length > MAX_PATH_LENGTH) {
    return `The path has ${path.length} characters; ${MAX_PATH_LENGTH} are allowed.`
  }
  if (path.startsWith('/')) return 'A path starts at the workspace: leave out the first "/".'
  for (const segment of path.split('/')) {
    if (segment === '') return 'A path has a name between any two "/" and after the last one.'
    if (segment === '.' || segment === '..') {
      return `A path must not contain "${segment}": it starts at the workspace and never leaves it.`
    }
    if (RESERVED.has(segment)) return `"${segment}" is a reserved name; choose another.`
    if (DEVICE.test(segment))
      return `"${segment}" is a name that Windows keeps for a device; choose another.`
    if (segment.endsWith('.'))
      return `"${segment}" ends with a dot, which Windows leaves out; choose another.`
    if (!SEGMENT.test(segment)) {
      return `"${segment}" has characters that are not allowed: use letters, digits, "-", "_" and ".".`
    }
  }
  if (path.startsWith(LIBRARY_FOLDER)) return 'The folder node_modules is reserved for libraries.'
  return undefined
}

/**
 * Says why `path` cannot be added beside `taken` paths: a bad path, a taken one, or a file where a folder
 * would have to be.
 */
export function newPathProblem(path: string, taken: Iterable<string>): string | undefined {
  const problem = pathProblem(path)
  if (problem !== undefined) return problem
  for (const other of taken) {
    if (other === path) return `There is a file named ${path} already.`
    if (other.toLowerCase() === path.toLowerCase()) {
      return `${other} differs from ${path} only in upper and lower case; choose another name.`
    }
    if (path.startsWith(`${other}/`)) {
      return `${other} is a file, so it cannot be a folder for ${path}.`
    }
    if (other.startsWith(`${path}/`)) return `${path} is a folder, so it cannot be a file.`
  }
  return undefined
}

/** True for sources that only can be read. */
export const isLibraryPath = (path: string): boolean => path.startsWith(LIBRARY_FOLDER)

/** Last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The name of a file on disk, as far as the rules for paths allow it. */
export const allowedName = (name: string): string =>
  baseName(name)
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(-80) || 'file'

/** `path` with a number before its ending, the first that is free: `plugins/a.ts` → `plugins/a-2.ts`. */
export function freePath(path: string, taken: ReadonlySet<string> | ReadonlyMap<string, unknown>) {
  if (!taken.has(path)) return path
  const dot = path.lastIndexOf('.')
  const hasEnding = dot > path.lastIndexOf('/') + 1
  const stem = hasEnding ? path.slice(0, dot) : path
  const ending = hasEnding ? path.slice(dot) : ''
  for (let n = 2; ; n++) {
    const next = `${stem}-${n}${ending}`
    if (!taken.has(next)) return next
  }
}
