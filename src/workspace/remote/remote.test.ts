// Addresses that people paste, and what comes from them.
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { parseAddress } from './address.ts'
import { fetchWorkspace } from './fetch.ts'

const GIST = '0123456789abcdef0123456789abcdef'

test.each([
  [`https://gist.github.com/ada/${GIST}`, { kind: 'gist', id: GIST }, 'api.github.com'],
  [
    'https://github.com/ada/rope',
    { kind: 'github', owner: 'ada', repo: 'rope', ref: 'HEAD', folder: '' },
    'api.github.com',
  ],
  [
    'https://github.com/ada/rope/tree/v1/examples/a%20b',
    { kind: 'github', owner: 'ada', repo: 'rope', ref: 'v1', folder: 'examples/a b' },
    'api.github.com',
  ],
  [
    'https://github.com/ada/rope/blob/main/x.ts',
    { kind: 'file', url: 'https://raw.githubusercontent.com/ada/rope/main/x.ts' },
    'raw.githubusercontent.com',
  ],
  [
    'https://x.org:8443/a/w.zip',
    { kind: 'archive', url: 'https://x.org:8443/a/w.zip' },
    'x.org:8443',
  ],
  ['https://x.org/a.ts?raw', { kind: 'file', url: 'https://x.org/a.ts?raw' }, 'x.org'],
])('%s', (address, source, host) => {
  expect(parseAddress(address)).toMatchObject({
    source,
    hosts: expect.arrayContaining([host]) as unknown,
  })
})

test.each([
  '',
  'plugin',
  'http://x.org/a.zip',
  'javascript:alert(1)',
  'https://github.com/ada',
  'file:///etc/passwd',
])('refused: %s', (text) => {
  expect(() => parseAddress(text)).toThrow(/Paste the address of a gist/)
})

const answering = (answers: Record<string, string | Uint8Array<ArrayBuffer>>) => ({
  fetch: async (url: string) => {
    const answer = answers[url]
    if (answer === undefined) throw new Error(`${url} answered with 404.`)
    return typeof answer === 'string' ? new TextEncoder().encode(answer) : answer
  },
})

test('files of a gist go where a workspace has them', async () => {
  const file = (filename: string, content: string, truncated = false) => ({
    filename,
    content,
    truncated,
    raw_url: `https://gist.githubusercontent.com/raw/${filename}`,
  })
  const io = answering({
    [`https://api.github.com/gists/${GIST}`]: JSON.stringify({
      files: {
        a: file('rope.ts', 'cut', true),
        b: file('rope.test.ts', 'test'),
        c: file('lib__deep.ts', 'deep'),
        d: file('my words.txt', 'words'),
      },
    }),
    'https://gist.githubusercontent.com/raw/rope.ts': 'all of it',
  })
  expect([...(await fetchWorkspace(io, { kind: 'gist', id: GIST }))]).toEqual([
    ['plugboard.yaml', 'plugins:\n  use: {}\n'],
    ['plugins/rope.ts', 'all of it'],
    ['tests/rope.test.ts', 'test'],
    ['lib/deep.ts', 'deep'],
    ['data/my-words.txt', 'words'],
  ])
})

test('a zip of a folder is that folder; one that leads out of it is refused', async () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const url = 'https://x.org/w.zip'
  const good = zipSync({ 'w/plugboard.yaml': bytes('plugins: {}'), 'w/plugins/a.ts': bytes('a') })
  const files = await fetchWorkspace(answering({ [url]: good }), { kind: 'archive', url })
  expect([...files.keys()]).toEqual(['plugboard.yaml', 'plugins/a.ts'])
  const bad = zipSync({ 'plugboard.yaml': bytes(''), '../../x': bytes('a') })
  await expect(fetchWorkspace(answering({ [url]: bad }), { kind: 'archive', url })).rejects.toThrow(
    'https://x.org/w.zip cannot be opened: A path must not contain ".."',
  )
})

test('a single file becomes a workspace with that plugin', async () => {
  const url = 'https://x.org/raw/rope.ts?v=2'
  const files = await fetchWorkspace(answering({ [url]: 'export {}' }), { kind: 'file', url })
  expect(files.get('plugins/rope.ts')).toBe('export {}')
})
