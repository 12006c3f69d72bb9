// Build, development server and unit tests. Every path in the output is relative, so dist/ runs from any static host.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { authorImports } from './scripts/vite/author-imports.ts'
import { engineBundle } from './scripts/vite/engine-bundle.ts'
import { firstLoad } from './scripts/vite/first-load.ts'
import { offlineWorker } from './scripts/vite/offline-worker.ts'
import { pageCsp } from './scripts/vite/page-csp.ts'
import { oneTsWorker } from './scripts/vite/one-ts-worker.ts'
import { sdkTypes } from './scripts/vite/sdk-types.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Zones whose tests share a process: what they change of it, the backend, they set themselves. */
const TOGETHER = ['app', 'engine', 'plugins', 'protocol', 'sdk', 'webgpu', 'workspace']

export default defineConfig({
  base: './',
  plugins: [
    react(),
    sdkTypes(),
    oneTsWorker(),
    pageCsp(),
    engineBundle(),
    firstLoad(400),
    offlineWorker(),
  ],
  resolve: {
    // monaco-yaml asks for a file by its place in versions of Monaco before 0.56.
    alias: [...authorImports, { find: /^monaco-editor\/esm\/vs\//, replacement: 'monaco-editor/' }],
  },
  // Found only inside a worker, where the development server does not look before it is asked.
  optimizeDeps: {
    include: ['monaco-editor/languages/features/typescript/ts.worker', 'monaco-yaml/yaml.worker'],
  },
  server: { host: '127.0.0.1', strictPort: false },
  preview: { host: '127.0.0.1', strictPort: false },
  build: {
    target: 'es2022',
    rolldownOptions: {
      // The page needs the sdk's schemas, not the tfjs that its other modules load; of the workspace's zone it first
      // needs what brings no YAML library. The engine is built apart.
      treeshake: {
        moduleSideEffects: (id) =>
          /^src\/(sdk|workspace)\//.test(id.slice(file('.').length)) ? false : undefined,
      },
    },
  },
  worker: { format: 'es' },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'zones',
          include: [`src/{${TOGETHER.join()}}/**/*.test.{ts,tsx}`],
          // Tests of workspaces run in the engine.
          exclude: ['src/workspace/templates/**'],
          // One process for many files: each would load the zones, zod and tfjs again, a second of work.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'surroundings',
          // They choose devices, catch what nobody caught and leave engines behind: each in its own process.
          include: [`src/!(${TOGETHER.join('|')})/**/*.test.{ts,tsx}`, 'scripts/**/*.test.ts'],
        },
      },
    ],
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // tfjs has about a thousand modules: bundled once into node_modules/.vite, a test file loads it in
    // a fraction of a second instead of two, and there is one copy of it.
    alias: [
      {
        find: /^@tensorflow\/(tfjs-core|tfjs-backend-(?:cpu|wasm|webgl|webgpu))$/,
        replacement: '@tensorflow/$1/dist/index.js',
      },
    ],
    // In Node its loader asks for __dirname and require, which only inlined modules have.
    server: { deps: { inline: [/@tensorflow\/tfjs-backend-wasm/] } },
    deps: {
      optimizer: {
        ssr: {
          enabled: true,
          include: [
            '@tensorflow/tfjs-core/dist/index.js',
            '@tensorflow/tfjs-core/dist/register_all_gradients',
            '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops',
            '@tensorflow/tfjs-backend-cpu/dist/index.js',
            '@tensorflow/tfjs-backend-webgl/dist/index.js',
            '@tensorflow/tfjs-backend-webgpu/dist/index.js',
          ],
        },
      },
    },
  },
})
