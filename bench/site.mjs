// The benchmark's page: built as the app is, and served on a loopback port with shared memory allowed.
import { fileURLToPath } from 'node:url'
import { build, loadConfigFromFile, preview } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const outDir = fileURLToPath(new URL('../.cache/bench', import.meta.url))

/**
 * @param {string} root the folder of its index.html
 * @param {import('vite').PluginOption[]} plugins
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function openSite(root = here, plugins = []) {
  const app = await loadConfigFromFile(
    { command: 'build', mode: 'production' },
    fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
  )
  await build({
    configFile: false,
    root,
    publicDir: false,
    plugins,
    logLevel: 'error',
    resolve: { alias: app?.config.resolve?.alias ?? [] },
    build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4000 },
  })
  const server = await preview({
    configFile: false,
    root,
    logLevel: 'error',
    build: { outDir },
    preview: {
      host: '127.0.0.1',
      port: 4373,
      open: false,
      // jax-js takes threads where memory can be shared, which these two allow.
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
  })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error('No address after serving the benchmark on 127.0.0.1')
  return { url, close: () => server.close() }
}
