// The README of a package, from manifests and schemas of settings.
import type { Manifest } from '#sdk'

/** JSON schema of a setting, as far as a table shows it. */
interface Setting {
  type?: unknown
  default?: unknown
  enum?: unknown
  minimum?: unknown
  maximum?: unknown
  exclusiveMinimum?: unknown
  exclusiveMaximum?: unknown
  description?: unknown
}

export interface ReadmePlugin {
  manifest: Manifest
  /** JSON schema of its config; `undefined` when its code was not loaded. */
  configSchema?: unknown
}

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function limitsOf(setting: Setting): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = setting
  const limits = [
    ['≥', minimum],
    ['>', exclusiveMinimum],
    ['≤', maximum],
    ['<', exclusiveMaximum],
  ].flatMap(([sign, value]) =>
    // Limits that only say which whole numbers there are tell nothing.
    typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
      ? `${String(sign)} ${value}`
      : [],
  )
  return limits.length === 0 ? '' : ` ${limits.join(', ')}`
}

function typeOf(setting: Setting): string {
  if (Array.isArray(setting.enum)) return setting.enum.map(code).join(', ')
  const type = typeof setting.type === 'string' ? setting.type : 'any'
  return type + limitsOf(setting)
}

/** The table of settings; nothing for a plugin without any. */
function settingsTable(schema: unknown): string[] {
  const properties: unknown =
    typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'properties') : undefined
  const settings = Object.entries((properties ?? {}) as Record<string, Setting>)
  if (settings.length === 0) return []
  return [
    '| setting | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...settings.map(([name, setting]) => {
      const preset = setting.default === undefined ? '' : code(setting.default)
      const meaning = typeof setting.description === 'string' ? setting.description : ''
      return `| \`${name}\` | ${cell(typeOf(setting))} | ${cell(preset)} | ${cell(meaning)} |`
    }),
    '',
  ]
}

function pluginPart({ manifest, configSchema }: ReadmePlugin, isOnly: boolean): string[] {
  const { name, version, category, description, requires, provides } = manifest
  const needs = Object.entries(requires).map(([what, range]) => `\`${what}\` ${range}`)
  return [
    ...(isOnly ? [] : [`## ${name}`, '', ...(description === '' ? [] : [description, ''])]),
    `Plugin \`${name}\` ${version}, category ${category}.`,
    ...(needs.length === 0 ? [] : [`It requires ${needs.join(', ')}.`]),
    ...(provides.length === 0
      ? []
      : [`It offers ${provides.map((each) => `\`${each}\``).join(', ')}.`]),
    '',
    ...settingsTable(configSchema),
    '```yaml',
    'plugins:',
    '  use:',
    `    ${name}: {}`,
    '```',
    '',
  ]
}

/** README.md of a package of these plugins. */
export function readmeOf(
  name: string,
  version: string,
  plugins: readonly ReadmePlugin[],
  hasTests: boolean,
): string {
  const [first] = plugins
  const isOnly = plugins.length === 1
  const description = isOnly ? (first?.manifest.description ?? '') : ''
  return [
    `# ${name}`,
    '',
    ...(description === '' ? [] : [description, '']),
    ...plugins.flatMap((each) => pluginPart(each, isOnly)),
    '## Install',
    '',
    'In Plugboard: _Packages_, then _From a file or address_. In `packages.yaml` of a workspace:',
    '',
    '```yaml',
    `${name.startsWith('@') ? `'${name}'` : name}: ^${version}`,
    '```',
    ...(hasTests ? ['', '`npx plugboard test` runs its tests where it is installed.'] : []),
    '',
  ].join('\n')
}
