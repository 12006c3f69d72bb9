// Texts of the examples but for the first, by path from examples/; a chunk of its own, loaded when one is opened.
export const sources: Record<string, string> = import.meta.glob(
  ['/examples/*/**/*.{ts,yaml,md,txt,csv,json}', '!/examples/names/**'],
  { query: '?raw', import: 'default', eager: true },
)
