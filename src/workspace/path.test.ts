// The rules of paths.
import { expect, test } from 'vitest'
import { freePath, newPathProblem, pathProblem } from './path.ts'

test.each(['plugboard.yaml', 'plugins/a.ts', 'plugins/moe/index.ts', 'data/x_1-2.csv', '.hidden'])(
  'takes %s',
  (path) => expect(pathProblem(path)).toBeUndefined(),
)

test.each([
  ['', /needs a name/],
  ['/etc/passwd', /leave out the first "\/"/],
  ['plugins/../x.ts', /must not contain "\.\."/],
  ['..', /must not contain "\.\."/],
  ['./a.ts', /must not contain "\."/],
  ['plugins//a.ts', /between any two/],
  ['plugins/', /after the last one/],
  ['__proto__', /reserved/],
  ['plugins/__proto__/a.ts', /reserved/],
  ['a b.ts', /letters, digits/],
  ['a\\b.ts', /letters, digits/],
  ['c:a.ts', /letters, digits/],
  ['a\0.ts', /letters, digits/],
  ['😀.ts', /letters, digits/],
  ['../../x', /must not contain "\.\."/],
  ['constructor', /reserved/],
  ['plugins/prototype', /reserved/],
  ['CON', /Windows keeps for a device/],
  ['data/nul.csv', /Windows keeps for a device/],
  ['plugins/Com1.ts', /Windows keeps for a device/],
  ['data/x.', /ends with a dot/],
  ['node_modules/x.ts', /reserved for libraries/],
  ['a'.repeat(121), /121 characters; 120 are allowed/],
])('refuses %j and names the rule', (path, rule) => expect(pathProblem(path)).toMatch(rule))

test.each(['contact.ts', 'data/console.csv', 'plugins/auxiliary.ts', 'common.ts'])(
  '%s only begins like a device',
  (path) => expect(pathProblem(path)).toBeUndefined(),
)

test.each([
  ['plugins/a.ts', /already/],
  ['Plugins/A.ts', /only in upper and lower case/],
  ['plugins/a.ts/b.ts', /is a file, so it cannot be a folder/],
  ['plugins', /is a folder, so it cannot be a file/],
])('refuses %s beside plugins/a.ts', (path, rule) =>
  expect(newPathProblem(path, ['plugins/a.ts'])).toMatch(rule),
)

test('finds the next free name', () => {
  const taken = new Set(['plugins/a.ts', 'plugins/a-2.ts', 'LICENSE'])
  expect(freePath('plugins/b.ts', taken)).toBe('plugins/b.ts')
  expect(freePath('plugins/a.ts', taken)).toBe('plugins/a-3.ts')
  expect(freePath('LICENSE', taken)).toBe('LICENSE-2')
})
