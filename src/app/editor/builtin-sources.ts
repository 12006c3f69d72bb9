// Sources of the built-in plugins, added to the library: a chunk of its own, fetched with the editor.
import { BUILTIN_FOLDER, libraryFiles } from './library.ts'

const sources: Record<string, string> = import.meta.glob(
  ['/src/plugins/*/*.ts', '!/src/plugins/**/*.test.ts', '!/src/plugins/testing/**'],
  { query: '?raw', import: 'default', eager: true },
)

for (const [path, text] of Object.entries(sources))
  libraryFiles.set(path.replace('/src/plugins/', BUILTIN_FOLDER), text)
