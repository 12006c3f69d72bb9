// Texts of the user's own file, one a row.
import { bytesSource, type DataEnv, EngineError, plugin, readText, type Table, z } from 'plugboard'

const config = z.strictObject({
  file: z.string().min(1).describe('path in the workspace, such as data/story.txt'),
  rows: z
    .enum(['lines', 'paragraphs', 'chunks', 'whole'])
    .default('lines')
    .describe('what becomes a row; chunks suit language models on one long text'),
  chunk: z.int().min(16).max(1_000_000).default(2000).describe('characters in a chunk, about'),
})

type TextFileConfig = z.output<typeof config>

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff

/**
 * Pieces of about `size` characters; each ends behind a line or a word, where there is one in its second half, and
 * never within a character of two code units.
 */
function* chunksOf(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length;) {
    const limit = at + size
    const cut = (mark: string): number => text.lastIndexOf(mark, limit - 1) + 1
    const isPast = (end: number): boolean => end > at + size / 2
    const whole = isHighSurrogate(text.charCodeAt(limit - 1)) ? limit - 1 : limit
    const end = limit >= text.length ? text.length : ([cut('\n'), cut(' ')].find(isPast) ?? whole)
    yield text.slice(at, end)
    at = end
  }
}

/** Rows and what stands between them: together, the text. */
function piecesOf(text: string, { rows, chunk }: TextFileConfig): string[] {
  if (rows === 'whole') return [text]
  if (rows === 'chunks') return [...chunksOf(text, chunk)]
  return text.split(rows === 'lines' ? /(\n)/ : /(\n\s*\n)/)
}

function breaksIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

async function load(options: TextFileConfig, env: DataEnv): Promise<Table> {
  const { file } = options
  const text = await readText(bytesSource(await env.asset(file)), {
    name: file,
    signal: env.signal,
  })
  const data: string[] = []
  const lines: number[] = []
  let line = 1
  for (const piece of piecesOf(text, options)) {
    if (piece.trim() !== '') {
      data.push(piece)
      lines.push(line)
    }
    line += breaksIn(piece)
  }
  if (data.length === 0) {
    throw new EngineError({
      code: 'data.empty',
      message: `${file} has no text`,
      hint: 'choose a file with text in it',
    })
  }
  const origin = { source: file, unit: 'line', numbers: Int32Array.from(lines) } as const
  return { length: data.length, columns: { text: { type: 'text', data } }, origin }
}

export default class TextFile extends plugin({
  manifest: {
    name: 'text_file',
    version: '1.0.0',
    category: 'dataset',
    description: 'Texts of your own file: its lines, paragraphs or chunks',
    tags: ['text', 'own data'],
    provides: ['dataset/text_file'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'text_file',
      (options, env) => ({ load: () => load(options, env) }),
      { config, description: 'column `text`' },
    )
  }
}
