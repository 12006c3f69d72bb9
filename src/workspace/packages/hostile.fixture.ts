// Archives as somebody with bad intentions makes them, and what must be said of each.
import { gzipSync, zipSync } from 'fflate'
import { packTar } from 'modern-tar'

const JSON_TEXT = '{ "name": "x", "version": "1.0.0", "plugboard": "./index.ts" }'
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

interface TarFile {
  name: string
  text?: string
  type?: 'symlink' | 'link' | 'fifo'
}

export async function tgz(files: readonly TarFile[]): Promise<Uint8Array<ArrayBuffer>> {
  const tar = await packTar(
    files.map(({ name, text = '', type }) => ({
      header: {
        name,
        size: type ? 0 : bytes(text).length,
        ...(type ? { type, linkname: '/etc/passwd' } : {}),
      },
      body: type ? undefined : text,
    })),
  )
  return gzipSync(tar)
}

const zip = (files: Record<string, string>): Uint8Array<ArrayBuffer> =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, bytes(text)])))

const wrapped = (name: string, text = 'x'): TarFile[] => [
  { name: 'package/package.json', text: JSON_TEXT },
  { name: 'package/index.ts', text: 'export {}' },
  { name, text },
]

/** Zero bytes that gzip to a thousandth. */
const zeros = (mebibytes: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(mebibytes * 1024 * 1024)

/** A zip whose directory tells that its one file has a byte, while it has many. */
function lyingZip(): Uint8Array<ArrayBuffer> {
  const archive = zipSync({ 'package.json': zeros(1) })
  const view = new DataView(archive.buffer)
  for (let at = 0; at < archive.length - 4; at++) {
    const signature = view.getUint32(at, true)
    if (signature === 0x02014b50) view.setUint32(at + 24, 1, true)
  }
  return archive
}

function cut(archive: Uint8Array<ArrayBuffer>, share: number): Uint8Array<ArrayBuffer> {
  return archive.slice(0, Math.floor(archive.length * share))
}

function flipped(archive: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = archive.slice()
  const middle = copy.length >> 1
  copy[middle] = copy[middle]! ^ 0x40
  return copy
}

/** Name of the attempt, its archive, and what the refusal must say. */
export const hostileArchives: readonly (readonly [
  string,
  () => Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>,
  RegExp,
])[] = [
  [
    'tar: a path above the package',
    () => tgz(wrapped('package/../../x.ts')),
    /must not contain "\.\."/,
  ],
  ['tar: a path above everything', () => tgz(wrapped('../../x.ts')), /must not contain "\.\."/],
  ['tar: an absolute path', () => tgz(wrapped('/etc/x.ts')), /starts at the workspace/],
  ['tar: __proto__', () => tgz(wrapped('package/__proto__/x.ts')), /reserved name/],
  [
    'tar: a symbolic link',
    () => tgz([...wrapped('package/a.md'), { name: 'package/link', type: 'symlink' }]),
    /is a symlink/,
  ],
  [
    'tar: a hard link',
    () => tgz([...wrapped('package/a.md'), { name: 'package/link', type: 'link' }]),
    /is a link/,
  ],
  [
    'tar: a pipe',
    () => tgz([...wrapped('package/a.md'), { name: 'package/pipe', type: 'fifo' }]),
    /is a fifo/,
  ],
  [
    'tar: the same file twice',
    () => tgz([...wrapped('package/a.md'), { name: 'package/a.md', text: 'y' }]),
    /twice/,
  ],
  [
    'tar: names that differ in case',
    () => tgz([...wrapped('package/a.md'), { name: 'package/A.md', text: 'y' }]),
    /only in upper and lower case/,
  ],
  [
    'tar: a file that is a folder too',
    () => tgz([...wrapped('package/a'), { name: 'package/a/b.md', text: 'y' }]),
    /so it cannot be/,
  ],
  [
    'tar: thousands of files',
    () => tgz(Array.from({ length: 2100 }, (_, i) => ({ name: `package/f${i}.md` }))),
    /more than 2000 entries/,
  ],
  [
    'tar: more files than a workspace has',
    () => tgz(Array.from({ length: 600 }, (_, i) => ({ name: `package/f${i}.md` }))),
    /at most 500 files/,
  ],
  ['gzip: a bomb', () => gzipSync(zeros(36)), /unpacks to more than the 32 MiB/],
  [
    'gzip: cut off',
    async () => cut(await tgz(wrapped('package/a.md', 'abc '.repeat(5000))), 0.6),
    /./,
  ],
  [
    'gzip: a flipped bit',
    async () => flipped(await tgz(wrapped('package/a.md', 'abc '.repeat(5000)))),
    /./,
  ],
  [
    'zip: a path above the package',
    () => zip({ 'a/package.json': JSON_TEXT, '../x.ts': 'x' }),
    /must not contain "\.\."/,
  ],
  ['zip: backslashes', () => zip({ 'package.json': JSON_TEXT, '..\\x.ts': 'x' }), /not allowed/],
  ['zip: a bomb', () => zipSync({ 'package.json': zeros(33) }), /unpacks to more than the 32 MiB/],
  ['zip: a size that is a lie', lyingZip, /./],
  [
    'zip: cut off',
    () => cut(zip({ 'package.json': JSON_TEXT, 'index.ts': 'export {}' }), 0.7),
    /./,
  ],
  ['no archive at all', () => bytes('hello'.repeat(200)), /neither a zip nor a tar\.gz/],
  ['an empty file', () => new Uint8Array(), /neither a zip nor a tar\.gz/],
  ['no package', () => tgz([{ name: 'package/a.md', text: 'x' }]), /no package\.json/],
  [
    'a package without plugins',
    () => tgz([{ name: 'package/package.json', text: '{"name":"x","version":"1.0.0"}' }]),
    /brings no plugins/,
  ],
  [
    'an entry above the package',
    () =>
      tgz([
        {
          name: 'package/package.json',
          text: '{"name":"x","version":"1.0.0","plugboard":"./../x.ts"}',
        },
      ]),
    /an entry is a file of the package/,
  ],
  [
    'an entry that is not there',
    () => tgz([{ name: 'package/package.json', text: JSON_TEXT }]),
    /names index\.ts as code/,
  ],
  [
    'package.json that is no JSON',
    () => tgz([{ name: 'package/package.json', text: '{' }]),
    /no JSON/,
  ],
]
