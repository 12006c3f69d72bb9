// npm run e2e: browser tests against the production build. Arguments go to Playwright: a file, --grep, --headed.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { findChromium } from './chromium.mjs'
import { buildIfStale, serve } from './site.mjs'

try {
  const CHROMIUM_PATH = findChromium()
  await buildIfStale()
  const { url, close } = await serve(4273)
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli')
  const tests = spawn(process.execPath, [cli, 'test', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, CHROMIUM_PATH, BASE_URL: url },
  })
  tests.on('exit', (code) => {
    process.exitCode = code ?? 1
    void close()
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
