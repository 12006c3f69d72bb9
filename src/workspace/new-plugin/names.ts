// The names of a new plugin, all from one: in its manifest, of its file, of its class, for people.

const FORM = /^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$/
const MAX_LENGTH = 50

/** Says why a plugin cannot be named so; `undefined` for a good name. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'A plugin needs a name, such as focal_loss.'
  if (name.length > MAX_LENGTH) {
    return `The name has ${name.length} characters; ${MAX_LENGTH} are allowed.`
  }
  if (FORM.test(name)) return undefined
  return `"${name}" is no name for a plugin: take lower-case letters and digits, begin with a letter, and put "_" or "-" between words, as in focal_loss.`
}

export const isPluginName = (name: string): boolean => nameProblem(name) === undefined

export interface PluginNames {
  /** In manifest and project file: `focal_loss`. */
  readonly snake: string
  /** Of its file: `focal-loss`. */
  readonly kebab: string
  /** Of its class: `FocalLoss`. */
  readonly pascal: string
  /** For people: `Focal loss`. */
  readonly title: string
}

/** Where a plugin of a kind lies. A model graph is named as its file is. */
export const pathOf = (kind: string, { snake, kebab }: PluginNames): string =>
  kind === 'graph' ? `models/${snake}.yaml` : `plugins/${kebab}.ts`

/** All forms of a name that has no `nameProblem`. */
export function namesOf(name: string): PluginNames {
  const words = name.split(/[_-]/)
  const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1)
  return {
    snake: words.join('_'),
    kebab: words.join('-'),
    pascal: words.map(capital).join(''),
    title: capital(words.join(' ')),
  }
}

/** A name for the plugin in a file that is named `stem`, in whatever way; none of those that are `taken`. */
export function nameOfFile(stem: string, taken: ReadonlySet<string>): string {
  const words = stem
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .join('_')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_LENGTH - 3)
    .replace(/_+$/, '')
  const name = words === '' ? 'new_plugin' : words
  for (let n = 1; ; n++) {
    const next = n === 1 ? name : `${name}_${n}`
    if (!taken.has(next)) return next
  }
}
