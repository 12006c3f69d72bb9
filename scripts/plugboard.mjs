#!/usr/bin/env node
// The command plugboard: builds the command line when it is missing or stale, and runs it.
import { spawn } from 'node:child_process'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isStale } from './stale.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = [
  ...['sdk', 'protocol', 'workspace', 'engine', 'plugins', 'webgpu', 'workers', 'cli'].map(
    (zone) => `src/${zone}`,
  ),
  'scripts/vite',
  'package-lock.json',
]
/** Longest wait for a command that was told to end: a plugin may never give the thread back. */
const GRACE_MS = 5000
const INTERRUPTED = 130

const bundle = join(root, '.cache/cli')
if (isStale(join(bundle, 'main.js'), root, SOURCES)) {
  const { build } = await import('vite')
  // Elsewhere first: another process may be running the one that is there.
  const fresh = `${bundle}-${process.pid}`
  const configFile = join(root, 'scripts/vite/cli.config.ts')
  await build({ configFile, build: { outDir: fresh } }).catch(
    (/** @type {Error} */ { message }) => {
      console.error(`The command line cannot be built: ${message}`)
      process.exit(1)
    },
  )
  rmSync(bundle, { recursive: true, force: true })
  renameSync(fresh, bundle)
}

const command = spawn(process.execPath, [join(bundle, 'main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  // Code that was compiled before starts faster, where Node can keep it (from 22.1 on).
  env: { NODE_COMPILE_CACHE: join(root, '.cache/node'), ...process.env },
})
let interrupts = 0
process.on('SIGINT', () => {
  // A terminal tells both processes, `kill` only this one; the command takes any number as one.
  command.kill('SIGINT')
  if (++interrupts > 1) command.kill('SIGKILL')
  else setTimeout(() => command.kill('SIGKILL'), GRACE_MS).unref()
})
process.on('SIGTERM', () => command.kill('SIGTERM'))
command.on('exit', (code) => process.exit(code ?? INTERRUPTED))
