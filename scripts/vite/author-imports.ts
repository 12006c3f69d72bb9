// The names that plugin authors import, as aliases of a build.
import { fileURLToPath } from 'node:url'

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Exact matches: deep paths stay as they are. */
export const authorImports = [
  { find: /^@tensorflow\/tfjs$/, replacement: file('src/sdk/tfjs.ts') },
  { find: /^plugboard$/, replacement: file('src/sdk/index.ts') },
  { find: /^plugboard\/testing$/, replacement: file('src/engine/testkit/index.ts') },
]
