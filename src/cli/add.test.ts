// packages.yaml: packages from npm, an address and this computer, versions resolved into a lock, all on loopback.
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { loadPackages } from '#workspace'
import { folderOf } from './folders.fixture.ts'
import { cli, LINE } from './line.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

const plugin = (name: string, version: string) => `import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: '${name}', version: '${version}', category: 'callback' } }) {}
`
const filesOf = (name: string, version: string): Map<string, string> =>
  new Map([
    ['package.json', JSON.stringify({ name, version, plugboard: './index.ts' })],
    ['index.ts', plugin(name.replace('@acme/', ''), version)],
  ])

const archives = new Map<string, Uint8Array>()
const asked: string[] = []
let server: Server
let address = ''

const integrityOf = (bytes: Uint8Array): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`

/** What the registry says of its packages. */
function packument(name: string): object {
  const own = [...archives.keys()].filter((path) => path.startsWith(`/${name}/-/`))
  const versions = own.map((path) => {
    const version = /-(\d[^/]*)\.tgz$/.exec(path)![1]!
    const dist = { tarball: address + path, integrity: integrityOf(archives.get(path)!) }
    return [version, { dist, ...(version === '1.3.0' ? { deprecated: 'use 1.2' } : {}) }] as const
  })
  return { name, 'dist-tags': { latest: '2.0.0' }, versions: Object.fromEntries(versions) }
}

beforeAll(async () => {
  const { archiveOf } = await loadPackages()
  for (const version of ['1.0.0', '1.2.0', '1.3.0', '2.0.0']) {
    archives.set(`/decay/-/decay-${version}.tgz`, await archiveOf(filesOf('decay', version)))
  }
  archives.set('/@acme/warm/-/warm-0.1.0.tgz', await archiveOf(filesOf('@acme/warm', '0.1.0')))
  server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url)
    asked.push(path)
    const archive = archives.get(path)
    if (archive) response.end(archive)
    else if (/^\/(decay|@acme\/warm)$/.test(path))
      response.end(JSON.stringify(packument(path.slice(1))))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  vi.stubEnv('npm_config_registry', address)
})
afterAll(() => {
  vi.unstubAllEnvs()
  server.close()
})
afterEach(() => void asked.splice(0))

const textOf = (folder: string, path: string) => readFile(join(folder, path), 'utf8')

test('[P24] packages.yaml names npm, address and folder; versions are resolved into a lock', async () => {
  const folder = await folderOf({
    ...LINE,
    'packages.yaml': `# what we use
decay: ^1.0 # not 2 yet
'@acme/warm': ${address}/@acme/warm/-/warm-0.1.0.tgz
mine: ./drafts/mine
`,
    'drafts/mine/package.json': filesOf('mine', '0.0.1').get('package.json')!,
    'drafts/mine/index.ts': filesOf('mine', '0.0.1').get('index.ts')!,
  })
  const added = await cli(['add', '--to', folder])
  expect(added).toMatchObject({ code: 0, err: '' })
  expect(added.out.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
    `decay 1.2.0 in packages/decay, from ${address}/decay/-/decay-1.2.0.tgz`,
    `@acme/warm 0.1.0 in packages/acme__warm, from ${address}/@acme/warm/-/warm-0.1.0.tgz`,
    'mine 0.0.1 in packages/mine, from ./drafts/mine',
    '',
  ])
  const lock = JSON.parse(await textOf(folder, 'packages.lock.json')) as unknown
  expect(lock).toEqual({
    lockfileVersion: 1,
    packages: {
      '@acme/warm': {
        source: `${address}/@acme/warm/-/warm-0.1.0.tgz`,
        version: '0.1.0',
        resolved: `${address}/@acme/warm/-/warm-0.1.0.tgz`,
        integrity: integrityOf(archives.get('/@acme/warm/-/warm-0.1.0.tgz')!),
      },
      decay: {
        source: '^1.0',
        version: '1.2.0',
        resolved: `${address}/decay/-/decay-1.2.0.tgz`,
        integrity: integrityOf(archives.get('/decay/-/decay-1.2.0.tgz')!),
      },
      mine: expect.objectContaining({ source: './drafts/mine', version: '0.0.1' }) as unknown,
    },
  })
  const listed = await cli(['list', folder])
  for (const name of ['decay', 'warm', 'mine']) expect(listed.out).toContain(name)
})

test('[P24] the lock keeps a version until an update; a changed archive is refused', async () => {
  const folder = await folderOf({ ...LINE })
  expect(await cli(['add', 'decay@~1.0.0', '--to', folder])).toMatchObject({ code: 0, err: '' })
  expect(await textOf(folder, 'packages.yaml')).toMatch(/^decay: ~1\.0\.0$/m)
  await writeFile(join(folder, 'packages.yaml'), 'decay: ~1.0.0 # stays\n')
  asked.splice(0)
  expect(await cli(['add', '--to', folder])).toMatchObject({ code: 0 })
  expect(asked).toEqual(['/decay/-/decay-1.0.0.tgz'])

  const path = '/decay/-/decay-1.0.0.tgz'
  const good = archives.get(path)!
  const { archiveOf } = await loadPackages()
  archives.set(path, await archiveOf(new Map([...filesOf('decay', '1.0.0'), ['evil.ts', 'x']])))
  const refused = await cli(['add', '--to', folder])
  archives.set(path, good)
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('decay-1.0.0.tgz is not what it was')
  await expect(textOf(folder, 'packages/decay/evil.ts')).rejects.toThrow('ENOENT')

  const newer = await cli(['add', 'decay', '--to', folder])
  expect(newer.out).toContain('decay 2.0.0, was 1.0.0 in packages/decay')
  expect(await textOf(folder, 'packages.yaml')).toBe('decay: ^2.0.0 # stays\n')
  expect(await textOf(folder, 'packages/decay/index.ts')).toBe(plugin('decay', '2.0.0'))
})

test.each([
  ['decay@^7', 'No version of decay fits ^7; the last ones are 1.0.0, 1.2.0, 1.3.0, 2.0.0.'],
  ['nothing-of-this-name', 'answered with 404'],
  ['ftp://x.org/a.tgz', 'is no source of a package'],
  ['./drafts/none', "There is no folder or archive './drafts/none'"],
])('[P24] %s is refused in words', async (request, says) => {
  const folder = await folderOf(LINE)
  const refused = await cli(['add', request, '--to', folder])
  expect(refused.code).toBe(1)
  expect(refused.err).toContain(says)
  await expect(textOf(folder, 'packages.yaml')).rejects.toThrow('ENOENT')
})
