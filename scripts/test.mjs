// npm test: every check in order, one line and its time for each; stops at the first failure and shows its output,
// what failed first: a log that is cut off still tells.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { sourceLines } from './source-lines.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const UNIT_REPORT = '.cache/unit-tests.json'
const BROWSER_REPORT = '.cache/browser-tests.json'
/** Of the reasons of one failed test. */
const MAX_LINES = 20

/** @typedef {{ passed: number, failed: string[], flaky?: string[] }} Found Failed tests in words */
/** @type {{ name: string, script: string, args?: string[], find?: () => Found }[]} */
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
    find: unitTests,
  },
  { name: 'build', script: 'build' },
  {
    name: 'browser tests',
    script: 'e2e',
    args: ['--reporter=list,json'],
    find: browserTests,
  },
]

mkdirSync(`${root}/.cache`, { recursive: true })
for (const report of [UNIT_REPORT, BROWSER_REPORT]) rmSync(`${root}/${report}`, { force: true })
const total = { passed: 0, failed: 0 }
for (const { name, script, args = [], find } of steps) {
  const started = performance.now()
  const { isOk, output } = await run(script, args)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const { passed, failed, flaky = [] } = find?.() ?? { passed: 0, failed: [] }
  total.passed += passed
  // A check that fails without a failed test (a type error, a file that doesn't load) counts as one.
  total.failed += isOk ? failed.length : Math.max(1, failed.length)
  const tests = find ? `, ${passed} passed, ${failed.length} failed` : ''
  console.log(`${isOk ? 'ok    ' : 'FAILED'} ${name} (${seconds} s${tests})`)
  for (const text of failed) console.log(`\n${text}\n`)
  for (const text of flaky) console.log(`passed only when tried again:\n${text}\n`)
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

/** @returns {Found} */
function unitTests() {
  const report = readReport(UNIT_REPORT)
  const failed = (report?.testResults ?? []).flatMap((/** @type {any} */ file) =>
    file.assertionResults
      .filter((/** @type {any} */ { status }) => status === 'failed')
      .map((/** @type {any} */ { fullName, failureMessages }) =>
        inWords(`${file.name}: ${fullName}`, failureMessages),
      ),
  )
  return { passed: report?.numPassedTests ?? 0, failed }
}

/** @returns {Found} */
function browserTests() {
  const report = readReport(BROWSER_REPORT)
  const specs = specsIn(report?.suites ?? [])
  /** @param {string} status */
  const ended = (status) =>
    specs.flatMap(({ file, title, tests }) =>
      tests
        .filter((/** @type {any} */ test) => test.status === status)
        .map((/** @type {any} */ { results }) =>
          inWords(
            `e2e/${file}: ${title}`,
            results.flatMap((/** @type {any} */ it) =>
              it.errors.map((/** @type {any} */ e) => e.message),
            ),
          ),
        ),
    )
  const flaky = ended('flaky')
  return {
    passed: (report?.stats?.expected ?? 0) + flaky.length,
    failed: ended('unexpected'),
    flaky,
  }
}

/** @param {any[]} suites @returns {any[]} */
function specsIn(suites) {
  return suites.flatMap((suite) => [...(suite.specs ?? []), ...specsIn(suite.suites ?? [])])
}

/**
 * A failed test and why, short enough to read.
 * @param {string} title
 * @param {string[]} messages
 */
function inWords(title, messages) {
  const lines = stripVTControlCharacters(messages.join('\n')).split('\n')
  return [title, ...lines.slice(0, MAX_LINES)].join('\n    ')
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
