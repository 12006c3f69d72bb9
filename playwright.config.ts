// Browser tests. Started by scripts/e2e.mjs, which finds the browser and serves the production build.
import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, SOFTWARE_WEBGPU } from './scripts/chromium.mjs'

const executablePath = process.env['CHROMIUM_PATH']
const baseURL = process.env['BASE_URL']
if (!executablePath || !baseURL)
  throw new Error('CHROMIUM_PATH and BASE_URL are not set: start the tests with npm run e2e')

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // One at a time: trainings and timings disturb each other.
  workers: 1,
  fullyParallel: false,
  // A machine that others use as well stalls now and then; what passes only then is named (scripts/test.mjs).
  retries: 1,
  forbidOnly: !!process.env['CI'],
  reporter: 'list',
  use: {
    baseURL,
    trace: 'off',
    // Each test has a fresh profile: it would fetch everything for visits that never come. offline.spec.ts allows it.
    serviceWorkers: 'block',
    launchOptions: {
      executablePath,
      args: [...CHROMIUM_ARGS, SOFTWARE_WEBGPU],
    },
  },
})
