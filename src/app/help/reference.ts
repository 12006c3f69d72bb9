// The reference of hooks, kinds, services and error codes, read from the source of the SDK itself.

interface Member {
  readonly name: string
  readonly about: string
}

const clean = (comment: string): string =>
  comment
    .replaceAll(/^\s*\/?\*+\/?|\*\/\s*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** Members of an interface of the source, with the comment in front of each, or of the group it is in. */
export function membersOf(source: string, name: string): Member[] {
  const start = source.indexOf(`export interface ${name} {`)
  if (start < 0) throw new Error(`There is no interface ${name} in the source.`)
  const body = source.slice(start, source.indexOf('\n}', start))
  const found = body.matchAll(/(?:^ {2}(\/\*\*[^]*?\*\/)\n)?^ {2}(\w+): /gm)
  return [...found].map(([, comment = '', member]) => ({ name: member!, about: clean(comment) }))
}

/** Services that are defined in the source: their key, their interface's name and the comment in front. */
export function servicesOf(source: string): (Member & { key: string })[] {
  const found = source.matchAll(
    /(?:(\/\*\*(?:(?!\*\/)[^])*\*\/)\n)?export const (\w+) = defineService<[^>]*>\('([^']+)'/g,
  )
  return [...found].map(([, comment = '', name, key]) => ({
    name: name!,
    about: clean(comment),
    key: key!,
  }))
}

/** Codes of errors, as the union in the source lists them. */
export function codesOf(source: string): string[] {
  const start = source.indexOf('export type ErrorCode =')
  const body = source.slice(start, source.indexOf('\n\n', start))
  return [...body.matchAll(/'([\w.]+)'/g)].map(([, code]) => code!)
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

export interface Sources {
  readonly hooks: string
  readonly kinds: string
  readonly services: string
  readonly errors: string
}

/** As markdown, to be shown as the guide is. `aboutKind` says what a kind is for. */
export function reference(
  { hooks, kinds, services, errors }: Sources,
  aboutKind: Readonly<Record<string, string>>,
): string {
  const listed = (members: readonly Member[]): string[][] =>
    members.map(({ name, about }) => [`\`${name}\``, about])
  return `# Reference

From the source of the SDK. In the editor each name has its types on hover.

## All hooks

${table(['hook', 'when, and what it may do'], listed(membersOf(hooks, 'Hooks')))}

## All kinds

${table(
  ['kind', 'is'],
  membersOf(kinds, 'Kinds').map(({ name, about }) => [`\`${name}\``, aboutKind[name] ?? about]),
)}

## All services

${table(
  ['service', 'key', 'is'],
  servicesOf(services).map(({ name, key, about }) => [`\`${name}\``, `\`${key}\``, about]),
)}

## All error codes

${codesOf(errors)
  .map((code) => `\`${code}\``)
  .join(', ')}
`
}
