// npm test: every check in order, one line and its time for each; stops at the first failure and shows its output.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { sourceLines } from './source-lines.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const UNIT_REPORT = '.cache/unit-tests.json'
const BROWSER_REPORT = '.cache/browser-tests.json'

/** @typedef {{ passed: number, failed: number }} Counts */
/** @type {{ name: string, script: string, args?: string[], counts?: () => Counts }[]} */
const steps = [
  { name: 'format', script: 'format:check' },
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'types' },
  { name: 'dead code', script: 'unused' },
  { name: 'conformance', script: 'conformance', args: ['--check'] },
  {
    name: 'unit tests',
    script: 'unit',
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`],
    counts: unitCounts,
  },
  { name: 'build', script: 'build' },
  {
    name: 'browser tests',
    script: 'e2e',
    args: ['--reporter=list,json'],
    counts: browserCounts,
  },
]

mkdirSync(`${root}/.cache`, { recursive: true })
for (const report of [UNIT_REPORT, BROWSER_REPORT]) rmSync(`${root}/${report}`, { force: true })
const total = { passed: 0, failed: 0 }
for (const { name, script, args = [], counts } of steps) {
  const started = performance.now()
  const { isOk, output } = await run(script, args)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const found = counts?.() ?? { passed: 0, failed: 0 }
  total.passed += found.passed
  // A check that fails without a failed test (a type error, a file that doesn't load) counts as one.
  total.failed += isOk ? found.failed : Math.max(1, found.failed)
  const tests = counts ? `, ${found.passed} passed, ${found.failed} failed` : ''
  console.log(`${isOk ? 'ok    ' : 'FAILED'} ${name} (${seconds} s${tests})`)
  if (!isOk) {
    console.log(output.trim())
    break
  }
}
const lines = sourceLines()
console.log(
  `${lines.whole} source lines; the engine: ${lines.engine} for plugins, ${lines.training} for training, ${lines.testkit} its test kit`,
)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed ? 1 : 0

/**
 * Runs a script of package.json and collects what it prints.
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<{ isOk: boolean, output: string }>}
 */
function run(script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
      cwd: root,
      shell: process.platform === 'win32',
      env: { ...process.env, NO_COLOR: '1', PLAYWRIGHT_JSON_OUTPUT_FILE: BROWSER_REPORT },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ isOk: code === 0, output }))
  })
}

/** @returns {Counts} */
function unitCounts() {
  const report = readReport(UNIT_REPORT)
  return { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 }
}

/** @returns {Counts} */
function browserCounts() {
  const stats = readReport(BROWSER_REPORT)?.stats
  return { passed: stats?.expected ?? 0, failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0) }
}

/**
 * A runner's report, or undefined where it stopped before writing one.
 * @param {string} path
 */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(`${root}/${path}`, 'utf8'))
  } catch {
    return undefined
  }
}
