// The example workspaces that come with Plugboard, read from the folder examples/ at build time.
import type { Files } from '#workspace'

export interface Example {
  name: string
  /** First sentence of its README. */
  description: string
  load(): Promise<Files>
}

/** The one that a first visit opens comes with the page. */
const first: Record<string, string> = import.meta.glob(
  '/examples/names/**/*.{ts,yaml,md,txt,csv,json}',
  { query: '?raw', import: 'default', eager: true },
)
const readmes: Record<string, string> = import.meta.glob('/examples/*/README.md', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** First line of a README that is neither heading nor empty. */
function describe(readme: string): string {
  const line = readme.split('\n').find((text) => text.trim() !== '' && !text.startsWith('#')) ?? ''
  return /^.*?\.(?= |$)/.exec(line)?.[0] ?? line
}

function filesOf(name: string, sources: Record<string, string>): Files {
  const folder = `/examples/${name}/`
  const inside = Object.entries(sources).filter(([path]) => path.startsWith(folder))
  return new Map(inside.map(([path, text]) => [path.slice(folder.length), text]))
}

const isFirst = (name: string): boolean => name === 'names'

async function load(name: string): Promise<Files> {
  const sources = isFirst(name) ? first : (await import('./example-files.ts')).sources
  return filesOf(name, sources)
}

/** All examples; the one that a first visit opens comes first. */
export const examples: readonly Example[] = Object.entries(readmes)
  .map(([path, readme]) => {
    const name = path.split('/')[2]!
    return { name, description: describe(readme), load: () => load(name) }
  })
  .toSorted(
    (a, b) => Number(isFirst(b.name)) - Number(isFirst(a.name)) || (a.name < b.name ? -1 : 1),
  )
