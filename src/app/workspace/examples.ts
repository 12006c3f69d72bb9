// The example workspaces that come with Plugboard, read from the folder examples/ at build time.
import type { Files } from '#workspace'

export interface Example {
  name: string
  load(): Promise<Files>
}

/** The one that a first visit opens comes with the page. */
const first: Record<string, string> = import.meta.glob(
  '/examples/names/**/*.{ts,yaml,md,txt,csv,json}',
  { query: '?raw', import: 'default', eager: true },
)
/** Their texts come with the gallery; here only that they are there. */
const readmes = import.meta.glob('/examples/*/README.md', { query: '?raw', import: 'default' })

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
export const examples: readonly Example[] = Object.keys(readmes)
  .map((path) => path.split('/')[2]!)
  .toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || (a < b ? -1 : 1))
  .map((name) => ({ name, load: () => load(name) }))
