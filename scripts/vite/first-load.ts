// Holds what the page fetches before it first paints within a budget, and prints it with each build.
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

type Bundle = Parameters<Extract<Plugin['generateBundle'], (...args: never[]) => unknown>>[1]

/** Files that the page needs to paint: the entry, what it imports at once, and their styles. */
function firstFiles(bundle: Bundle): Set<string> {
  const files = new Set<string>()
  const add = (name: string): void => {
    const chunk = bundle[name]
    if (chunk?.type !== 'chunk' || files.has(name)) return
    files.add(name)
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style)
    for (const imported of chunk.imports) add(imported)
  }
  for (const chunk of Object.values(bundle))
    if (chunk.type === 'chunk' && chunk.isEntry) add(chunk.fileName)
  return files
}

/** Fails the build when the first files are more than `budgetKilobytes` after gzip. */
export function firstLoad(budgetKilobytes: number): Plugin {
  return {
    name: 'plugboard:first-load',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const sizes = [...firstFiles(bundle)].map((name) => {
          const file = bundle[name]!
          return gzipSync(file.type === 'chunk' ? file.code : file.source).length
        })
        const kilobytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1000)
        const text = `${kilobytes} kB after gzip in ${sizes.length} files before the first paint, of ${budgetKilobytes} kB`
        if (kilobytes > budgetKilobytes) {
          this.error(
            `${text}: load what a first sight does not need with late() of src/app/ui/late.tsx`,
          )
        }
        this.info(text)
      },
    },
  }
}
