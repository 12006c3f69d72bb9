// npm run conformance: writes docs/conformance.md from the titles of all tests, and fails when a feature has none.
// With --check it only compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FEATURES, SYSTEMS } from './features.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const file = `${root}/docs/conformance.md`
const FOLDERS = ['src', 'scripts', 'e2e', 'examples']

/** A call of test, it or describe, and the ids in brackets that its title begins with. */
const TITLE = /\b(?:test|it|describe)(?:\.\w+)*\(\s*['"`]((?:\[[A-Z]\d\d\]\s*)+)/g

/**
 * Test files by the id of the feature they show, both in order.
 * @returns {Map<string, string[]>}
 */
function testsById() {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) => /\.(?:test|spec)\.tsx?$/.test(path)),
  ).toSorted()
  /** @type {Map<string, Set<string>>} */
  const found = new Map(FEATURES.map(([id]) => [id, new Set()]))
  for (const path of paths) {
    for (const [, ids = ''] of readFileSync(`${root}/${path}`, 'utf8').matchAll(TITLE)) {
      for (const [, id = ''] of ids.matchAll(/\[([A-Z]\d\d)\]/g)) {
        const tests = found.get(id)
        if (!tests) throw new Error(`${path}: there is no feature ${id} in the conformance list`)
        tests.add(path)
      }
    }
  }
  return new Map([...found].map(([id, tests]) => [id, [...tests]]))
}

/** @param {Map<string, string[]>} tests */
function page(tests) {
  const shown = FEATURES.filter(([id]) => tests.get(id)?.length)
  const sections = Object.entries(SYSTEMS).map(([letter, system]) => {
    const rows = FEATURES.filter(([id]) => id.startsWith(letter)).map(([id, feature]) => {
      const links = tests.get(id)?.map((path) => `[${path.split('/').at(-1)}](../${path})`) ?? []
      return `| ${id} | ${feature} | ${links.join(', ') || '—'} |`
    })
    return [`## ${letter}: ${system}`, '', '| id | feature | tests |', '|---|---|---|', ...rows, '']
  })
  const intro = [
    '# Conformance',
    '',
    'What five plugin systems can do, and where a test shows that Plugboard can do it. Written from the titles',
    `of the tests by \`npm run conformance\`: ${shown.length} of ${FEATURES.length} features are shown.`,
    '',
  ]
  return `${[...intro, ...sections.flat()].join('\n').trimEnd()}\n`
}

/** @param {string} problem */
function fail(problem) {
  console.error(problem)
  process.exitCode = 1
}

const tests = testsById()
for (const [id, feature] of FEATURES)
  if (tests.get(id)?.length === 0) fail(`${id} (${feature}) has no test`)
const text = page(tests)
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text)
  fail('docs/conformance.md does not fit the tests: run npm run conformance')
