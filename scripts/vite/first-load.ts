// Holds what the page fetches before it is there within a budget, prints it with each build, and has it fetched at once.
import { gzipSync } from 'node:zlib'
import type { HtmlTagDescriptor, Plugin } from 'vite'

type Bundle = Parameters<Extract<Plugin['generateBundle'], (...args: never[]) => unknown>>[1]

/** Loaded by the entry, which first starts what takes longest. */
const WORKBENCH = 'src/app/workbench.tsx'

const isWorkbench = (file: Bundle[string]): boolean =>
  file.type === 'chunk' && file.facadeModuleId?.endsWith(WORKBENCH) === true

/** Files that the page needs to paint: entry and workbench, what they import at once, and their styles. */
function firstFiles(bundle: Bundle): Set<string> {
  const files = new Set<string>()
  const add = (name: string): void => {
    const chunk = bundle[name]
    if (chunk?.type !== 'chunk' || files.has(name)) return
    files.add(name)
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style)
    for (const imported of chunk.imports) add(imported)
  }
  for (const chunk of Object.values(bundle)) {
    if ((chunk.type === 'chunk' && chunk.isEntry) || isWorkbench(chunk)) add(chunk.fileName)
  }
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
        const names = [...firstFiles(bundle)]
        if (!Object.values(bundle).some(isWorkbench))
          this.error(`${WORKBENCH} is no chunk of its own: does the entry import it?`)
        const sizes = names.map((name) => {
          const file = bundle[name]!
          return gzipSync(file.type === 'chunk' ? file.code : file.source).length
        })
        const kilobytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1000)
        const text = `${kilobytes} kB after gzip in ${sizes.length} files before the workbench is there, of ${budgetKilobytes} kB`
        if (kilobytes > budgetKilobytes) {
          this.error(
            `${text}: load what a first sight does not need with late() of src/app/ui/late.tsx`,
          )
        }
        this.info(text)
      },
    },
    transformIndexHtml: {
      order: 'post',
      /** Else the workbench's files would be asked for only when the entry has run. */
      handler(html, { bundle }) {
        const scripts = bundle ? [...firstFiles(bundle)] : []
        return scripts
          .filter((name) => name.endsWith('.js') && !html.includes(name))
          .map((name): HtmlTagDescriptor => {
            const attrs = { rel: 'modulepreload', crossorigin: true, href: `./${name}` }
            return { tag: 'link', injectTo: 'head', attrs }
          })
      },
    },
  }
}
