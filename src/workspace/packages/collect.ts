// Which files a plugin needs, so that it can go elsewhere: what it imports, its assets, its tests.
import { isSource } from '../compile.ts'
import { pointerOf } from '../data-pointer.ts'
import type { FileContent, Files } from '../files.ts'

/** Relative imports. Read from the text: compiled code has forgotten those of types. */
const IMPORT = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g
const LITERAL = /(['"`])([\w./-]{3,120})\1/g

export interface Collected {
  files: Map<string, FileContent>
  /** Tests of the plugins that stay behind, and why. */
  leftOut: { path: string; reason: string }[]
}

/** File of the workspace that a relative import of `from` leads to. */
function resolve(files: Files, from: string, specifier: string): string | undefined {
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  const bare = parts.join('/').replace(/\.[jt]s$/, '')
  return [`${bare}.ts`, `${bare}/index.ts`].find((path) => files.has(path))
}

/** `roots` and all they import. What looks like an import in a comment brings a file too many, never one too few. */
function closureOf(files: Files, roots: readonly string[]): Set<string> {
  const closure = new Set<string>()
  const open = [...roots]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = files.get(path)
    if (closure.has(path) || typeof text !== 'string') continue
    closure.add(path)
    for (const [, , specifier] of text.matchAll(IMPORT)) {
      const target = resolve(files, path, specifier!)
      if (target !== undefined) open.push(target)
    }
  }
  return closure
}

/** Files that the texts of `sources` name, such as `ctx.asset('data/words.txt')`. */
function assetsOf(files: Files, sources: Iterable<string>): Set<string> {
  const assets = new Set<string>()
  for (const source of sources) {
    for (const [, , path] of String(files.get(source)).matchAll(LITERAL)) {
      if (files.has(path!) && !isSource(path!) && path !== 'plugboard.yaml') assets.add(path!)
    }
  }
  return assets
}

const folderOf = (path: string): string | undefined => /^plugins\/[^/]+\//.exec(path)?.[0]

/**
 * All that plugins of the files `entries` need: those files or their folders in plugins/, libraries, assets, and the
 * tests that need nothing else of the workspace.
 */
export function collect(files: Files, entries: readonly string[]): Collected {
  const folders = entries.flatMap((entry) => folderOf(entry) ?? [])
  const own = [...files.keys()].filter((path) => folders.some((folder) => path.startsWith(folder)))
  const code = closureOf(files, [...entries, ...own.filter(isSource)])
  const chosen = new Set([...own, ...code, ...assetsOf(files, code)])
  const leftOut: Collected['leftOut'] = []

  for (const path of files.keys()) {
    if (!path.startsWith('tests/') || !path.endsWith('.test.ts')) continue
    const needs = closureOf(files, [path])
    if (!entries.some((entry) => needs.has(entry))) continue
    const foreign = [...needs].find((each) => !chosen.has(each) && !each.startsWith('tests/'))
    if (foreign !== undefined) {
      leftOut.push({ path, reason: `it needs ${foreign} as well` })
      continue
    }
    for (const each of [...needs, ...assetsOf(files, needs)]) chosen.add(each)
  }
  for (const path of chosen) {
    if (!pointerOf(files.get(path))) continue
    chosen.delete(path)
    leftOut.push({ path, reason: 'it is a large data file, which packages do not carry' })
  }
  return {
    files: new Map([...files].filter(([path]) => chosen.has(path))),
    leftOut,
  }
}
