// Images and archives, whole and broken.
import { encode } from 'fast-png'
import { strToU8, zipSync } from 'fflate'
import { encode as encodeJpeg } from 'jpeg-js'
import { expect, test } from 'vitest'
import { decodeImage, imageFolder, openZip, resizeImage } from './index.ts'

/** Four pixels: red, green, blue, white. */
const corners = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255)
const png = encode({ width: 2, height: 2, channels: 3, data: corners })

test('PNG: pixels as they were, at any size and in gray', () => {
  const image = decodeImage(png, 'a.png')
  expect(image).toEqual({ width: 2, height: 2, channels: 3, data: corners })
  expect([...resizeImage(image, { width: 1, height: 1, channels: 3 })]).toEqual([128, 128, 128])
  expect([...resizeImage(image, { width: 2, height: 2, channels: 1 })]).toEqual([76, 150, 29, 255])
  const large = resizeImage(image, { width: 4, height: 4, channels: 3 })
  expect([...large.subarray(0, 12)]).toEqual([255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 0])
})

test('PNG of other depths, with a palette, with transparency', () => {
  const of = (given: Partial<Parameters<typeof encode>[0]>) =>
    decodeImage(encode({ width: 2, height: 1, data: new Uint8Array(), ...given }), 'a.png')
  const deep = of({ channels: 1, depth: 16, data: Uint16Array.of(65_535, 256) })
  expect([...deep.data]).toEqual([255, 1])
  const clear = of({ channels: 4, data: Uint8Array.of(10, 20, 30, 0, 10, 20, 30, 255) })
  expect([...resizeImage(clear, { width: 2, height: 1, channels: 3 })]).toEqual([
    255, 255, 255, 10, 20, 30,
  ])
})

test('JPEG: pixels nearly as they were', () => {
  const gray = new Uint8Array(16 * 16 * 4).fill(100)
  const { data } = encodeJpeg({ width: 16, height: 16, data: gray }, 90)
  const image = decodeImage(new Uint8Array(data), 'a.jpg')
  expect([image.width, image.height, image.channels]).toEqual([16, 16, 3])
  expect(image.data.every((value) => Math.abs(value - 100) <= 2)).toBe(true)
})

test('images that are cut off, huge or none are refused by name', () => {
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251)
  const whole = encode({ width: 64, height: 64, channels: 3, data: noise })
  const refused = (bytes: Uint8Array, reason: RegExp) =>
    expect(() => decodeImage(bytes, 'cats/1.png')).toThrow(reason)
  refused(whole.subarray(0, whole.length / 2), /^cats\/1\.png cannot be decoded: /)
  refused(strToU8('hello'), /^cats\/1\.png is no PNG or JPEG$/)
  refused(new Uint8Array(), /is no PNG or JPEG$/)
  refused(whole.subarray(0, 10), /cannot be decoded: its header is cut off: there are 10 bytes$/)
  refused(whole.subarray(0, 33), /cannot be decoded: it is cut off or damaged$/)
  refused(whole.with(12, 0), /cannot be decoded: its header IHDR is missing$/)
  refused(whole.with(19, 0), /cannot be decoded: its header says 0 × 64 pixels$/)
  const huge = png.slice()
  new DataView(huge.buffer).setUint32(16, 100_000)
  new DataView(huge.buffer).setUint32(20, 100_000)
  refused(huge, /10000 megapixels, limit 50/)
  const data = new Uint8Array(32 * 32 * 4).map((_, i) => (i * 31) % 256)
  const jpeg = new Uint8Array(encodeJpeg({ width: 32, height: 32, data }, 90).data)
  refused(jpeg.subarray(0, jpeg.length / 2), /cannot be decoded/)
})

test('an archive: the folder of an image is its class, hidden and other files are told apart', () => {
  const bytes = zipSync({
    'pets/dogs/1.png': png,
    'pets/cats/1.png': png,
    'pets/cats/2.JPG': png,
    'pets/notes.txt': strToU8('x'),
    '__MACOSX/pets/cats/._1.png': png,
  })
  const { images, classes, others, zip } = imageFolder(bytes, 'data/pets.zip')
  expect(classes).toEqual(['cats', 'dogs'])
  expect(images.map(({ path, className }) => [path, className])).toEqual([
    ['pets/dogs/1.png', 'dogs'],
    ['pets/cats/1.png', 'cats'],
    ['pets/cats/2.JPG', 'cats'],
  ])
  expect(others).toEqual(['pets/notes.txt'])
  expect(zip.unpack([images[1]!]).get('pets/cats/1.png')).toEqual(png)
})

test('folders named train and test split the rows', () => {
  const { images, classes } = imageFolder(
    zipSync({ 'train/a/1.png': png, 'train/b/1.png': png, 'test/a/2.png': png }),
    'data/x.zip',
  )
  expect(classes).toEqual(['a', 'b'])
  expect(images.map(({ isHeldBack }) => isHeldBack)).toEqual([false, false, true])
})

/** An archive whose directory says that its one file unpacks to `size` bytes. */
function bomb(size: number): Uint8Array {
  const bytes = zipSync({ 'a/1.png': new Uint8Array(1000) })
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.length - 4; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, size, true)
  return bytes
}

test('archives that unpack to too much, lead out, or are none are refused before they are unpacked', () => {
  const refused = (bytes: Uint8Array, reason: string) =>
    expect(() => imageFolder(bytes, 'data/x.zip')).toThrow(reason)
  refused(bomb(3_000_000_000), 'data/x.zip unpacks to more than 1024 MiB (up to a/1.png)')
  refused(zipSync({ '../x/1.png': png }), 'data/x.zip holds a file ../x/1.png, a path that leads')
  refused(zipSync({ 'C:\\x\\1.png': png }), 'leads out')
  refused(strToU8('a,b\n1,2\n'), 'data/x.zip cannot be read as a zip')
  refused(zipSync({ 'a/1.png': png }).subarray(0, 80), 'cannot be read as a zip')
  refused(zipSync({ 'readme.txt': strToU8('x') }), 'has no images in folders among its 1 files')
  const many = Object.fromEntries(
    Array.from({ length: 65_001 }, (_, i) => [`a/${i}`, [new Uint8Array(), { level: 0 }]]),
  ) as Parameters<typeof zipSync>[0]
  refused(zipSync(many), 'more than 65000 files')
})

test('a file never takes more than the archive said of it', () => {
  const small = openZip(bomb(10), 'data/x.zip')
  expect(small.unpack(small.entries).get('a/1.png')!.length).toBeLessThanOrEqual(10)
})
