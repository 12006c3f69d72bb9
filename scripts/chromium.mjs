// Finds a Chromium for the browser tests, or installs one: CHROMIUM_PATH, the system, Playwright's cache, apt, Playwright.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

/** Quiet, without a window, and with WebGPU. */
export const CHROMIUM_ARGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
]
/** WebGPU computed by the processor: the same adapter on every machine. */
export const SOFTWARE_WEBGPU = '--use-webgpu-adapter=swiftshader'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

const PLACES = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    process.env['PROGRAMFILES'],
    process.env['PROGRAMFILES(X86)'],
    process.env['LOCALAPPDATA'],
  ].flatMap((folder) =>
    folder
      ? [
          join(folder, 'Google/Chrome/Application/chrome.exe'),
          join(folder, 'Chromium/Application/chrome.exe'),
        ]
      : [],
  ),
}

/**
 * The path of a Chromium that starts, after installing one where there is none.
 * @returns {string}
 * @throws {Error} with one line that says what to do
 */
export function findChromium() {
  const given = process.env['CHROMIUM_PATH']
  if (given) {
    if (runs(given)) return given
    throw new Error(`CHROMIUM_PATH is ${given}, which does not start: set it to a Chromium binary`)
  }
  const path = candidates().find(runs) ?? install()
  if (path) return path
  throw new Error('No Chromium found: install one, or set CHROMIUM_PATH to its binary')
}

function candidates() {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const usual =
    process.platform === 'darwin' || process.platform === 'win32' ? PLACES[process.platform] : []
  return [...onPath, ...usual, chromium.executablePath()]
}

/**
 * Whether the binary starts. Ubuntu's chromium-browser, for one, is a script that asks for snap and fails.
 * @param {string} path
 */
function runs(path) {
  if (!existsSync(path)) return false
  // chrome.exe opens a window instead of printing its version.
  if (process.platform === 'win32') return true
  try {
    execFileSync(path, ['--version'], { stdio: 'pipe', timeout: 20_000 })
    return true
  } catch {
    return false
  }
}

/** Installs by apt on Debian, where Chromium is a package, else by Playwright. Output goes to stderr. */
function install() {
  const isRoot = process.getuid?.() === 0
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (isRoot && /^ID=debian$/m.test(system)) {
    console.error('Installing Chromium with apt')
    run('apt-get', ['update'])
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])
    const path = candidates().find(runs)
    if (path) return path
  }
  console.error('Installing Chromium with Playwright')
  const hasApt = isRoot && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(system)
  run('npx', ['playwright', 'install', ...(hasApt ? ['--with-deps'] : []), 'chromium'])
  return candidates().find(runs)
}

/**
 * A failure shows in the end: no candidate runs then.
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  spawnSync(program, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
