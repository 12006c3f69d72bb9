// Build, development server and unit tests. Every path in the output is relative, so dist/ runs from any static host.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: {
    // The two names plugin authors import. Exact matches: deep paths stay as they are.
    alias: [
      { find: /^@tensorflow\/tfjs$/, replacement: file('src/sdk/tfjs.ts') },
      { find: /^plugboard$/, replacement: file('src/sdk/index.ts') },
    ],
  },
  server: { host: '127.0.0.1', strictPort: false },
  preview: { host: '127.0.0.1', strictPort: false },
  build: { target: 'es2022' },
  worker: { format: 'es' },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // One copy of tfjs: inlined, its packages resolve to the ES modules that the build uses.
    server: { deps: { inline: [/@tensorflow/] } },
  },
})
