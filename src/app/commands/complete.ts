// What may stand next in a line of the console: names of commands, their arguments, values of those.
import type { CommandInfo } from '#sdk'
import { aboutField, fieldsOf, formatValue, wordsOf } from '#workspace'

/** Commands of the console itself. */
export const CONSOLE_COMMANDS = {
  help: 'lists the commands; help <command> tells what one takes',
  clear: 'takes all lines away',
} as const

export interface Completion {
  /** What takes the place of the word. */
  text: string
  label: string
  detail: string
}

export interface Completions {
  /** Where the word begins; it ends at the cursor. */
  start: number
  options: readonly Completion[]
}

/** Completions of the word before `cursor`. */
export function complete(
  line: string,
  cursor: number,
  commands: readonly CommandInfo[],
): Completions {
  const before = line.slice(0, cursor)
  const words = wordsOf(before)
  const last = words.at(-1)
  const isInWord = last !== undefined && last.start + last.text.length === before.length
  const word = isInWord ? last.text : ''
  const start = isInWord ? last.start : before.length
  const [name, ...rest] = words.map(({ text }) => text)
  const isName = isInWord ? words.length === 1 : words.length === 0
  if (isName) return { start, options: namesFor(word, commands, true) }
  if (name === 'help') return { start, options: namesFor(word, commands, false) }
  const command = commands.find((each) => each.name === name)
  return { start, options: command ? argumentsFor(word, command, rest) : [] }
}

const begins = (text: string, word: string): boolean =>
  text.toLowerCase().startsWith(word.toLowerCase())

function namesFor(
  word: string,
  commands: readonly CommandInfo[],
  withOwn: boolean,
): readonly Completion[] {
  const own = withOwn ? Object.entries(CONSOLE_COMMANDS) : []
  const all = [...commands.map(({ name, title }) => [name, title] as const), ...own]
  return all
    .filter(([name]) => begins(name, word))
    .map(([name, detail]) => ({ text: name, label: name, detail }))
}

function argumentsFor(
  word: string,
  { args }: CommandInfo,
  given: readonly string[],
): readonly Completion[] {
  const fields = fieldsOf(args)
  const split = word.indexOf('=')
  if (split < 0) {
    const used = new Set(given.map((part) => part.slice(0, part.indexOf('='))))
    return fields
      .filter(({ name }) => begins(name, word) && !used.has(name))
      .map((field) => {
        const text = `${field.name}=`
        return { text, label: text, detail: aboutField(field) }
      })
  }
  const field = fields.find(({ name }) => name === word.slice(0, split))
  if (!field) return []
  const { name, type, choices, fallback } = field
  const values = type === 'boolean' ? [true, false] : choices
  const known = values.length > 0 || fallback === undefined ? values : [fallback]
  return known.flatMap((value) => {
    const label = formatValue(value, field)
    const detail = value === fallback ? 'unless given' : ''
    return begins(label, word.slice(split + 1)) ? { text: `${name}=${label}`, label, detail } : []
  })
}
