// Where in a plugin's source a hook, a contribution, a service or an event is written, found by its text.
import type { SourceLocation } from '#sdk'

/** Sources of a plugin, the file with its manifest first. */
export type Sources = readonly (readonly [path: string, text: string])[]

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const quoted = (text: string): string => `['"\`]${escape(text)}['"\`]`

const patterns = {
  plugin: (name: string) => [`name:\\s*${quoted(name)}`],
  hook: (name: string) => [
    `^\\s*(?:async\\s+)?${escape(name)}\\s*\\(`,
    `(?:hook|around)\\(\\s*${quoted(name)}`,
    `\\b${escape(name)}\\b`,
  ],
  contribution: (name: string) => {
    const [kind = '', ...rest] = name.split('/')
    const own = quoted(rest.join('/'))
    return [`provide\\(\\s*${quoted(kind)}\\s*,\\s*${own}`, own, quoted(kind)]
  },
  service: (name: string) => [quoted(name), `provideService\\(`],
  event: (type: string) => [quoted(type), `emit\\(`],
  listener: (pattern: string) => [`on\\(\\s*${quoted(pattern)}`, quoted(pattern)],
} satisfies Record<string, (name: string) => string[]>

export type Subject = keyof typeof patterns

/** The first place that fits best; where none does, the plugin itself, or the top of its file. */
export function placeOf(
  sources: Sources,
  subject: Subject,
  name: string,
  plugin: string,
): SourceLocation | undefined {
  const [main] = sources
  if (!main) return undefined
  const wanted = [...patterns[subject](name), ...patterns.plugin(plugin)]
  for (const pattern of wanted) {
    for (const [file, text] of sources) {
      const match = new RegExp(pattern, 'm').exec(text)
      if (match) return { file, ...lineAt(text, match.index + leading(match[0])) }
    }
  }
  return { file: main[0], line: 1, column: 1 }
}

const leading = (text: string): number => text.length - text.trimStart().length

function lineAt(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index)
  const line = before.split('\n').length
  return { line, column: index - before.lastIndexOf('\n') }
}
