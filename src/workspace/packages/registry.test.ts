// Sources, packages.yaml, GitHub: read as npm reads them, and refused in words where they make no sense.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { addPackage } from './add.ts'
import type { PackageIo } from './io.ts'
import { PACKAGES_FILE, wantedPackages, withWanted } from './registry-file.ts'
import { hostsOf, parseRequest, parseSource } from './source.ts'

const REGISTRY = 'https://registry.npmjs.org'

test.each([
  ['x', '^1.2', { kind: 'npm', name: 'x', range: '^1.2' }],
  ['x', 'npm:@acme/y@~2', { kind: 'npm', name: '@acme/y', range: '~2' }],
  ['x', 'next', { kind: 'npm', name: 'x', range: 'next' }],
  [
    '',
    'https://unpkg.com/@acme/y@1.0.0/index.ts',
    { kind: 'npm', name: '@acme/y', range: '1.0.0' },
  ],
  ['', 'https://cdn.jsdelivr.net/npm/y', { kind: 'npm', name: 'y', range: '*' }],
  ['', 'github:ada/rope#v1', { kind: 'github', owner: 'ada', repo: 'rope', ref: 'v1' }],
  [
    '',
    'https://github.com/ada/rope.git',
    { kind: 'github', owner: 'ada', repo: 'rope', ref: 'HEAD' },
  ],
  ['', 'https://x.org/y.tgz', { kind: 'url', url: 'https://x.org/y.tgz' }],
  ['', 'file:./y', { kind: 'local', path: './y' }],
])('[P24] source of %s: %s', (name, spec, source) => {
  expect(parseSource(name, spec)).toEqual(source)
})

test.each(['http://x.org/y.tgz', 'data:text/plain,x', 'javascript:alert(1)', '^^1', '', 'a b'])(
  '[P24] no source: %s',
  (spec) => {
    expect(() => parseSource('x', spec)).toThrow(/is no source of a package\. Write a range/)
  },
)

test('a reader is asked for the hosts that a source needs', () => {
  const hosts = (text: string) => {
    const { name = '', spec } = parseRequest(text)
    return hostsOf(parseSource(name, spec), REGISTRY)
  }
  expect(hosts('@acme/y@^1')).toEqual(['registry.npmjs.org'])
  expect(hosts('https://x.org:8443/y.tgz')).toEqual(['x.org:8443'])
  expect(hosts('github:ada/rope')).toEqual(['api.github.com', 'raw.githubusercontent.com'])
  expect(hosts('./y')).toEqual([])
})

test.each([
  ['- a', 'is a map of names'],
  ['A: ^1', 'A: A package name has'],
  ['a: [1]', 'a needs a source'],
  ['a: ftp://x', "a: 'ftp://x' is no source"],
  ['a: ^1\na: ^2', 'Map keys must be unique'],
  ['__proto__: ^1', '__proto__: A package name has'],
])('[P24] packages.yaml refused: %s', (text, says) => {
  expect(() => wantedPackages(new Map([[PACKAGES_FILE, text]]))).toThrow(says)
})

test('packages.yaml keeps comments when a package comes and goes', () => {
  const text = '# ours\na: ^1 # why\n'
  const more = withWanted(text, '@acme/y', '^2')
  expect(more).toBe('# ours\na: ^1 # why\n"@acme/y": ^2\n')
  expect(withWanted(more, '@acme/y', null)).toBe(text)
  expect(wantedPackages(new Map([[PACKAGES_FILE, withWanted(text, 'a', null)]]))).toEqual([])
})

test('[P24] a package of GitHub is taken at one commit, which the lock keeps', async () => {
  const sha = 'c0ffee'.padEnd(40, '0')
  const api = 'https://api.github.com/repos/ada/rope'
  const raw = `https://raw.githubusercontent.com/ada/rope/${sha}`
  const blob = (path: string, mode = '100644') => ({ path, mode, type: 'blob', size: 9 })
  const answers: Record<string, string> = {
    [`${api}/commits/v1`]: JSON.stringify({ sha }),
    [`${api}/git/trees/${sha}?recursive=1`]: JSON.stringify({
      tree: [blob('package.json'), blob('index.ts'), blob('link.ts', '120000'), blob('.ci/x')],
    }),
    [`${raw}/package.json`]: '{ "name": "rope", "version": "1.0.0", "plugboard": "./index.ts" }',
    [`${raw}/index.ts`]: 'export default 1',
  }
  const io: PackageIo = {
    registry: REGISTRY,
    fetch: async (url) => {
      const answer = answers[url]
      if (answer === undefined) throw new Error(`${url} answered with 404.`)
      return new TextEncoder().encode(answer)
    },
    sha512: async (bytes) => createHash('sha512').update(bytes).digest(),
    local: () => Promise.reject(new Error('no disk')),
  }
  const { changes, resolved } = await addPackage(new Map(), { spec: 'github:ada/rope#v1' }, io)
  expect([...changes.keys()]).toEqual([
    'packages/rope/index.ts',
    'packages/rope/package.json',
    'packages.yaml',
    'packages.lock.json',
  ])
  expect(changes.get('packages.yaml')).toContain('rope: github:ada/rope#v1\n')
  expect(resolved).toMatchObject({ version: '1.0.0', resolved: `github:ada/rope#${sha}` })
})
