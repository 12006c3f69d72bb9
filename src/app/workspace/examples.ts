// The example workspaces that come with Plugboard, read from the folder examples/ at build time.
import type { Files } from '#workspace'

export interface Example {
  name: string
  /** First sentence of its README. */
  description: string
  files: Files
}

const sources: Record<string, string> = import.meta.glob(
  ['/examples/*/**/*.{ts,yaml,md,txt,csv,json}'],
  { query: '?raw', import: 'default', eager: true },
)

/** First line of a README that is neither heading nor empty. */
function describe(readme: unknown): string {
  if (typeof readme !== 'string') return ''
  const line = readme.split('\n').find((text) => text.trim() !== '' && !text.startsWith('#')) ?? ''
  return line.split('. ')[0]!.trim()
}

function readExamples(): Example[] {
  const byName = new Map<string, Map<string, string>>()
  for (const [path, text] of Object.entries(sources)) {
    const [, name, file] = /^\/examples\/([^/]+)\/(.+)$/.exec(path)!
    if (!byName.has(name!)) byName.set(name!, new Map())
    byName.get(name!)!.set(file!, text)
  }
  return [...byName].map(([name, files]) => ({
    name,
    description: describe(files.get('README.md')),
    files,
  }))
}

/** All examples; the one that a first visit opens comes first. */
export const examples: readonly Example[] = readExamples().toSorted(
  (a, b) => Number(b.name === 'names') - Number(a.name === 'names') || (a.name < b.name ? -1 : 1),
)
