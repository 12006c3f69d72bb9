// Makes an npm package of plugins of a workspace: sources, compiled code, types, README, tests, and the archive of it.
import { gzipSync } from 'fflate'
import { packTar } from 'modern-tar'
import type { CompiledModule } from '#protocol'
import { isSource } from '../compile.ts'
import type { FileContent, Files } from '../files.ts'
import { collect } from './collect.ts'
import { nameProblem } from './package-json.ts'
import { readmeOf, type ReadmePlugin } from './readme.ts'

export interface PackRequest {
  files: Files
  plugins: readonly (ReadmePlugin & { file: string })[]
  /** Compiled code of the workspace's files. */
  modules: readonly CompiledModule[]
  /** Type declarations of a file; `undefined` when it has none. */
  declarationsOf?: (path: string) => Promise<string | undefined>
  /** Name for npm; `plugboard-<plugin>` when left out. */
  name?: string | undefined
  version?: string | undefined
  license?: string | undefined
  author?: string | undefined
}

export interface Packed {
  name: string
  version: string
  /** `plugboard-early-stopping-1.0.0.tgz`, as npm names it. */
  fileName: string
  /** Everything in the package, by path. */
  files: ReadonlyMap<string, FileContent>
  /** What would belong to it, but stays behind. */
  leftOut: readonly { path: string; reason: string }[]
}

/** Goes into every package, as npm would have it. */
const LICENSE_FILE = /^licen[cs]e(\.(md|txt))?$/i

/** Name for npm of a package of this plugin. */
export const packageNameOf = (plugin: string): string =>
  `plugboard-${plugin.replaceAll(/[._]/g, '-')}`

/** Imports of files of the package, in compiled code and declarations. */
const RELATIVE = /(\b(?:from|import)\s*\(?\s*(['"])\.{1,2}\/[^'"\n]+?)\.ts\2/g
const withJsImports = (text: string): string => text.replaceAll(RELATIVE, '$1.js$2')

/** Range of versions that go on working as `version` does; plugins say more precisely what they need. */
const HOST_RANGES = { plugboard: '*', '@tensorflow/tfjs': '^4.20.0' }

function peersOf(plugins: PackRequest['plugins'], texts: string): Record<string, string> {
  const tfjs = plugins.map(({ manifest }) => manifest.requires['tfjs']).find(Boolean)
  const usesTf = tfjs !== undefined || texts.includes('@tensorflow/tfjs')
  return {
    plugboard: plugins[0]?.manifest.engine ?? HOST_RANGES.plugboard,
    ...(usesTf ? { '@tensorflow/tfjs': tfjs ?? HOST_RANGES['@tensorflow/tfjs'] } : {}),
  }
}

/** Throws an `Error` for a name that npm refuses, or no plugin. */
export async function packPlugins(request: PackRequest): Promise<Packed> {
  const { files, plugins, modules, declarationsOf } = request
  const [first] = plugins
  if (!first) throw new Error('A package needs a plugin.')
  const { manifest } = first
  const name = request.name ?? packageNameOf(manifest.name)
  const problem = nameProblem(name)
  if (problem !== undefined) throw new Error(problem)
  const version = request.version ?? manifest.version
  const entries = [...new Set(plugins.map(({ file }) => file))]
  const { files: own, leftOut } = collect(files, entries)
  for (const [path, text] of files) if (LICENSE_FILE.test(path)) own.set(path, text)

  const built = new Map<string, FileContent>()
  for (const { path, code } of modules) {
    if (!own.has(path) || path.startsWith('tests/')) continue
    built.set(inDist(path, '.js'), withJsImports(code))
    const types = await declarationsOf?.(path)
    if (types !== undefined) built.set(inDist(path, '.d.ts'), withJsImports(types))
  }
  const sources = [...own].filter(([path]) => isSource(path)).map(([, text]) => String(text))
  const main = entries[0]!
  const hasTypes = built.has(inDist(main, '.d.ts'))
  const json = {
    name,
    version,
    description: manifest.description,
    keywords: ['plugboard-plugin', ...new Set(plugins.flatMap((each) => each.manifest.tags))],
    ...optional('license', request.license ?? manifest.license),
    ...optional('author', request.author ?? manifest.author),
    type: 'module',
    exports: Object.fromEntries(
      entries.map((entry, i) => [
        i === 0 ? '.' : `./${entry.replace(/(\/index)?\.ts$/, '').slice('plugins/'.length)}`,
        {
          ...(hasTypes ? { types: `./${inDist(entry, '.d.ts')}` } : {}),
          plugboard: `./${entry}`,
          default: `./${inDist(entry, '.js')}`,
        },
      ]),
    ),
    ...(hasTypes ? { types: `./${inDist(main, '.d.ts')}` } : {}),
    files: [...new Set([...own.keys(), ...built.keys()].map((path) => path.split('/')[0]!))].sort(),
    peerDependencies: peersOf(plugins, sources.join('\n')),
    plugboard: {
      entries: entries.map((entry) => `./${entry}`),
      plugins: plugins.map((each) => ({
        name: each.manifest.name,
        version: each.manifest.version,
        description: each.manifest.description,
        category: each.manifest.category,
        requires: each.manifest.requires,
      })),
    },
  }
  const folder = /^plugins\/[^/]+\//.exec(main)?.[0]
  const hasTests = [...own.keys()].some((path) => path.endsWith('.test.ts'))
  const written = folder === undefined ? undefined : own.get(`${folder}README.md`)
  const readme = written ?? readmeOf(name, version, plugins, hasTests)
  const texts: [string, FileContent][] = [
    ['package.json', `${JSON.stringify(json, null, 2)}\n`],
    ['README.md', readme],
  ]
  const all = new Map<string, FileContent>([...texts, ...own, ...built])
  const fileName = `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`
  return { name, version, fileName, files: all, leftOut }
}

const inDist = (path: string, ending: string): string => `dist/${path.replace(/\.ts$/, ending)}`

const optional = (key: string, value: string | undefined): Record<string, string> =>
  value === undefined || value === '' ? {} : { [key]: value }

/** npm's own date of all files: equal packages are equal to the byte. */
const MTIME = new Date('1985-10-26T08:15:00.000Z')

/** The archive as npm has it: a gzipped tar with everything in `package/`. */
export async function archiveOf(files: ReadonlyMap<string, FileContent>) {
  const entries = [...files].map(([path, content]) => {
    const body = typeof content === 'string' ? new TextEncoder().encode(content) : content
    return {
      header: { name: `package/${path}`, size: body.length, mtime: MTIME, mode: 0o644 },
      body,
    }
  })
  return gzipSync(await packTar(entries), { level: 9, mtime: MTIME })
}
