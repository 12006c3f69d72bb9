// The types that the editor knows, as one virtual module: the sources of what authors import, and the declarations they stand on.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Plugin } from 'vite'

const ID = 'virtual:sdk-types'

/** Entry declarations of the packages that the sdk shows to authors. */
const ENTRIES = [
  'zod/index.d.ts',
  '@tensorflow/tfjs-core/dist/index.d.ts',
  '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.d.ts',
  '@vitest/expect/dist/index.d.ts',
  '@vitest/spy/dist/index.d.ts',
  '@types/chai/index.d.ts',
]
/** Packages whose entry is not where TypeScript looks without a package.json. */
const IN_DIST = ['@tensorflow/tfjs-core', '@vitest/expect', '@vitest/spy']
/** Messages of zod in other languages: 60 files that complete nothing. */
const LEFT_OUT = /\/zod\/v4\/locales\//

const SPECIFIER = /(?:from|import|module)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g

/** File that a relative specifier in a declaration means, or `undefined` when there is none. */
function declarationOf(from: string, specifier: string): string | undefined {
  const base = resolve(dirname(from), specifier).replace(/\.[cm]?js$/, '')
  return [`${base}.d.ts`, `${base}/index.d.ts`].find((path) => existsSync(path))
}

const withoutLicense = (text: string): string =>
  text.replace(/^\/\*\*\s+\* @license[^]*?\*\/\s*/, '')

/** Adds a declaration file and all that it imports to `files`, by path under `node_modules/`. */
function follow(path: string, modules: string, files: Map<string, string>): void {
  const name = `node_modules/${relative(modules, path)}`
  if (files.has(name) || LEFT_OUT.test(path)) return
  const text = readFileSync(path, 'utf8')
  files.set(name, withoutLicense(text))
  for (const [, specifier] of text.matchAll(SPECIFIER)) {
    const target = declarationOf(path, specifier!)
    if (target !== undefined) follow(target, modules, files)
  }
}

/**
 * Folders of sources that authors see, and where they lie under `node_modules/plugboard/`. The kit stands on the
 * engine, which is not among them: what the kit exports has types that need none of it.
 */
const SOURCES = [
  { folder: 'src/sdk', at: '', names: {} },
  { folder: 'src/protocol', at: 'protocol/', names: { '#sdk': '../index.ts' } },
  {
    folder: 'src/engine/testkit',
    at: 'testing/',
    names: { '#sdk': '../index.ts', '#protocol': '../protocol/index.ts' },
  },
] as const

/** Paths of those sources, tests left out. */
function sourcePaths(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name),
  )
}

/** Everything the editor needs to know of the libraries: text by path, as it would lie in a project of one's own. */
export function collectTypes(root: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const { folder, at, names } of SOURCES) {
    for (const path of sourcePaths(join(root, folder))) {
      let text = readFileSync(join(root, folder, path), 'utf8')
      for (const [name, target] of Object.entries(names))
        text = text.replaceAll(`'${name}'`, `'${target}'`)
      const isTf = at + path === 'tfjs.ts'
      files.set(
        `node_modules/${isTf ? '@tensorflow/tfjs/index.ts' : `plugboard/${at}${path}`}`,
        text,
      )
    }
  }
  for (const name of IN_DIST)
    files.set(`node_modules/${name}/index.d.ts`, "export * from './dist/index'\n")
  const modules = join(root, 'node_modules')
  for (const entry of ENTRIES) follow(join(modules, entry), modules, files)
  return files
}

/** Serves `virtual:sdk-types`, a record of texts by path. Changes with the sources. */
export function sdkTypes(): Plugin {
  let root = ''
  return {
    name: 'plugboard:sdk-types',
    configResolved(config) {
      root = config.root
    },
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined
      for (const { folder } of SOURCES)
        for (const path of sourcePaths(join(root, folder)))
          this.addWatchFile(join(root, folder, path))
      const files = JSON.stringify(Object.fromEntries(collectTypes(root)))
      // A string to parse is read several times faster than the same data as an object literal.
      return { code: `export default JSON.parse(${JSON.stringify(files)})`, map: null }
    },
  }
}
