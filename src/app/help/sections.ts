// The help as sections: each heading with what stands below it, and an id to link to.
import { marked, type Token, type Tokens } from 'marked'

export interface HelpSection {
  readonly id: string
  readonly title: string
  readonly depth: number
  readonly tokens: readonly Token[]
  /** In lower case, to be searched. */
  readonly text: string
}

/** As on GitHub, whose ids the links inside of the guide have. */
const idOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

export function sectionsOf(markdown: string): HelpSection[] {
  const sections: { heading: Tokens.Heading; tokens: Token[] }[] = []
  for (const token of marked.lexer(markdown)) {
    if (token.type === 'heading') sections.push({ heading: token as Tokens.Heading, tokens: [] })
    else sections.at(-1)?.tokens.push(token)
  }
  return sections.map(({ heading, tokens }) => ({
    id: idOf(heading.text),
    title: heading.text.replaceAll('`', ''),
    depth: heading.depth,
    tokens,
    text: `${heading.text} ${tokens.map(({ raw }) => raw).join(' ')}`.toLowerCase(),
  }))
}
