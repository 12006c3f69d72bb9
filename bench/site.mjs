// The benchmark's page: built as the app is, and served on a loopback port with shared memory allowed.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, loadConfigFromFile, preview } from 'vite'
import { trainerAlias } from './trainer-alias.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const outDir = fileURLToPath(new URL('../.cache/bench', import.meta.url))

/**
 * @param {string} root the folder of its pages
 * @param {import('vite').PluginOption[]} plugins
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function openSite(root = here, plugins = []) {
  const app = await loadConfigFromFile(
    { command: 'build', mode: 'production' },
    fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
  )
  const aliases = app?.config.resolve?.alias
  if (!Array.isArray(aliases)) throw new Error('vite.config.ts has its aliases no longer as a list')
  await build({
    configFile: false,
    root,
    publicDir: false,
    plugins,
    logLevel: 'error',
    resolve: { alias: [...aliases, trainerAlias] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 4000,
      rolldownOptions: {
        input: readdirSync(root).flatMap((file) =>
          file.endsWith('.html') ? [join(root, file)] : [],
        ),
      },
    },
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
