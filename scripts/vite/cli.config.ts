// Bundles src/cli for Node, packages included: one file, and others with the compiler and its libraries, which few commands need.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { authorImports } from './author-imports.ts'
import { sdkTypes } from './sdk-types.ts'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  logLevel: 'warn',
  publicDir: false,
  plugins: [sdkTypes()],
  resolve: { alias: authorImports },
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node20',
    // Node parses all of it at every start.
    minify: true,
    rolldownOptions: {
      // The second is what threads run; src/cli/ranks.ts starts them.
      input: ['src/cli/main.ts', 'src/cli/rank.ts'],
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        // The loader of tfjs's WebAssembly asks for it.
        banner: 'const __dirname = import.meta.dirname',
      },
    },
  },
})
