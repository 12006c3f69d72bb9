// Share links: what goes in comes out, small, and whatever is broken gets a message.
import fc from 'fast-check'
import { createHash, randomBytes } from 'node:crypto'
import { deflateSync } from 'fflate'
import { expect, test } from 'vitest'
import type { Files } from '../files.ts'
import { toBase64Url } from './base64url.ts'
import { decodeLink, encodeLink, type LinkResult } from './codec.ts'
import { crc32 } from './crc32.ts'
import { DICTIONARY_1 } from './dictionary-1.ts'
import { frame, type SharedWorkspace } from './framing.ts'
import { isShareLink, linkKind } from './kind.ts'
import { OLD_LINK, OLD_WORKSPACE, PLATEAU } from './links.fixture.ts'

const shared = (files: Record<string, string | Uint8Array<ArrayBuffer>>): SharedWorkspace => ({
  name: 'w',
  files: new Map(Object.entries(files)),
})

const message = (result: LinkResult): string => (result.ok ? 'opened' : result.message)

const path = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).map((name) => `plugins/${name}.ts`)
const content = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom('😀', 'é', '\0', '\r\n', '\u2028', 'plugin', '\ufeff') }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)),
)
const workspaces = fc
  .record({
    name: fc.string({ unit: 'grapheme', maxLength: 30 }),
    files: fc.uniqueArray(fc.tuple(path, content), { selector: ([name]) => name, maxLength: 6 }),
  })
  .map(({ name, files }): SharedWorkspace => ({ name, files: new Map(files) }))

const sorted = (files: Files) => [...files].sort(([a], [b]) => (a < b ? -1 : 1))

test('any workspace comes back as it was', () => {
  fc.assert(
    fc.property(workspaces, (workspace) => {
      const result = decodeLink(encodeLink(workspace))
      if (!result.ok) throw new Error(result.message)
      expect(result.workspace.name).toBe(workspace.name)
      expect(sorted(result.workspace.files)).toEqual(sorted(workspace.files))
    }),
  )
})

test('the file that was open comes back too', () => {
  const result = decodeLink(encodeLink({ ...shared({ 'a.ts': '' }), active: 'a.ts' }))
  expect(result.ok && result.workspace.active).toBe('a.ts')
})

test('a plugin of 1.3 KB takes under 700 characters', () => {
  expect(PLATEAU.length).toBeGreaterThan(1300)
  const link = encodeLink(shared({ 'plugins/reduce-on-plateau.ts': PLATEAU }))
  expect(link.length).toBeLessThan(700)
})

test('the dictionary of version 1 is frozen', () => {
  const hash = createHash('sha256').update(DICTIONARY_1).digest('hex')
  expect(hash).toBe('36a6ae5929898970ed288004710d82eb86e3480dca968d7c365fb21a615e8952')
})

test('a link of version 1 that was given out opens as it did', () => {
  const result = decodeLink(OLD_LINK)
  expect(result).toEqual({ ok: true, workspace: OLD_WORKSPACE })
})

const LINK = encodeLink(shared({ 'plugboard.yaml': 'plugins: {}\n', 'plugins/p.ts': PLATEAU }))

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('a link cut after %i tenths says so', (tenths) => {
  const result = decodeLink(LINK.slice(0, (LINK.length * tenths) / 10))
  expect(result).toMatchObject({ ok: false, reason: 'cut-off' })
  expect(message(result)).toMatch(/cut off/)
})

test('what arrived whole of a cut-off link is saved', () => {
  const result = decodeLink(LINK.slice(0, LINK.length * 0.9))
  expect(!result.ok && [...result.salvaged!.files]).toEqual([['plugboard.yaml', 'plugins: {}\n']])
})

test('a link cut anywhere never opens and never throws', () => {
  for (let length = 0; length < LINK.length; length++) {
    expect(message(decodeLink(LINK.slice(0, length)))).toMatch(/cut off|damaged/)
  }
})

test('any changed character is noticed', () => {
  const letters = Array.from('Aa0_-zZ9!😀')
  fc.assert(
    fc.property(fc.nat(LINK.length - 1), fc.constantFrom(...letters), (at, letter) => {
      const broken = LINK.slice(0, at) + letter + LINK.slice(at + 1)
      fc.pre(broken !== LINK)
      expect(message(decodeLink(broken))).toMatch(/damaged|cut off|newer/)
    }),
    { numRuns: 1000 },
  )
})

test('noise never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (noise, hasPrefix) => {
      expect(message(decodeLink(hasPrefix ? `#w1.${noise}` : noise))).toMatch(/\w+/)
    }),
    { numRuns: 500 },
  )
})

/** A link around bytes of one's own, header right. */
function forged(unpacked: Uint8Array): string {
  const packed = deflateSync(unpacked, { dictionary: new TextEncoder().encode(DICTIONARY_1) })
  const bytes = new Uint8Array(8 + packed.length)
  const header = new DataView(bytes.buffer)
  header.setUint32(0, crc32(packed))
  header.setUint32(4, packed.length)
  bytes.set(packed, 8)
  return `#w1.${toBase64Url(bytes)}`
}

test('a link of a newer version asks to update', () => {
  expect(message(decodeLink('#w2.AAAA'))).toMatch(/newer Plugboard \(link version 2/)
})

test('a small link that unpacks to too much is refused', () => {
  const bomb = forged(new Uint8Array(17 * 1024 * 1024))
  expect(bomb.length).toBeLessThan(100_000)
  expect(message(decodeLink(bomb))).toMatch(/more than the 16 MiB/)
})

test('a link that is too long is refused, and not made', () => {
  expect(message(decodeLink(`#w1.${'A'.repeat(600_000)}`))).toMatch(/more than/)
  const noise = Uint8Array.from(randomBytes(500_000))
  expect(() => encodeLink(shared({ 'data/noise.bin': noise }))).toThrow(/500000 are possible/)
})

test.each(['../../etc/passwd', '/etc/passwd', '__proto__', 'node_modules/plugboard/index.ts'])(
  'a link cannot bring a file named %s',
  (name) => {
    expect(message(decodeLink(forged(frame(shared({ [name]: '' })))))).toMatch(
      /no workspace can have/,
    )
  },
)

test('a link cannot bring one file twice', () => {
  const once = frame(shared({ 'a.ts': 'x' }))
  const meta = frame(shared({}))
  const twice = Uint8Array.from([...once, ...once.subarray(meta.length)])
  expect(message(decodeLink(forged(twice)))).toMatch(/damaged/)
})

test('tells links from other hashes', () => {
  expect(isShareLink(LINK)).toBe(true)
  expect(isShareLink('#w9.x')).toBe(true)
  expect(isShareLink('#welcome')).toBe(false)
  expect(isShareLink('')).toBe(false)
})

test('a link to a plugin is read as one, also where it is cut off; a workspace it is not', () => {
  const files: Files = new Map([
    ['plugins/plateau.ts', PLATEAU],
    ['lib/notes.txt', randomBytes(600).toString('hex')],
  ])
  const plugin = {
    name: 'reduce_on_plateau',
    files,
    active: 'plugins/plateau.ts',
    summary: 'loss 2',
  }
  const link = encodeLink(plugin, 'plugin')
  expect([linkKind(link), isShareLink(link)]).toEqual(['plugin', false])
  expect(decodeLink(link)).toEqual({ ok: true, workspace: plugin })
  const cutAt = (share: number) => decodeLink(link.slice(0, Math.floor(link.length * share)))
  for (let tenth = 1; tenth < 10; tenth++) {
    expect(cutAt(tenth / 10)).toMatchObject({ ok: false, reason: 'cut-off' })
  }
  const cut = cutAt(0.9)
  expect(!cut.ok && cut.salvaged?.files.get('plugins/plateau.ts')).toBe(PLATEAU)
  const middle = link.length >> 1
  const other = link[middle] === 'A' ? 'B' : 'A'
  const flipped = link.slice(0, middle) + other + link.slice(middle + 1)
  expect(decodeLink(flipped)).toMatchObject({ ok: false, reason: 'damaged' })
  expect(decodeLink(link.replace('#p1', '#p9'))).toMatchObject({ ok: false, reason: 'newer' })
})
