// What tests of devices run in a page: one module of this folder with all that it imports.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { build, loadConfigFromFile } from 'vite'
import type { Site } from '../sandbox/site.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What the sandbox's page hands out by the same name. */
const WASM = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
)

/** One module text of a file of this folder and all that it imports. */
export async function bundle(entry: string): Promise<string> {
  const app = await loadConfigFromFile(
    { command: 'build', mode: 'production' },
    file('../../vite.config.ts'),
  )
  const output = await build({
    configFile: false,
    root: file('.'),
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: app?.config.resolve?.alias ?? [] },
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      rolldownOptions: {
        input: file(entry),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', codeSplitting: false },
      },
    },
  })
  const [chunk] = 'output' in output ? output.output : []
  if (chunk?.type !== 'chunk') throw new Error(`${entry} was not bundled into one chunk`)
  return chunk.code
}

/** Calls a bundle's function in a page without a policy and without a sandbox: what counts are the numbers. */
export async function callInPage<T>(page: Page, { origin }: Site, bundle: string, job: object) {
  const empty = `${origin}/empty.html`
  await page.route(empty, (route) => route.fulfill({ contentType: 'text/html', body: '' }))
  await page.route(`${origin}/wasm/*`, (route) => route.fulfill({ path: WASM }))
  await page.goto(empty)
  return page.evaluate(
    async ([code, job]) => {
      const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
      const module = (await import(url)) as { default(job: object): Promise<T> }
      return module.default(job)
    },
    [bundle, job] as const,
  )
}
