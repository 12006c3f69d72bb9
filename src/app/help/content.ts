// All that the help has, in markdown: the guide, the reference, panels and keys.
import { pluginKinds } from '#workspace'
import guide from '../../../docs/guide.md?raw'
import type { Action } from '../actions/action.ts'
import { PANELS } from '../shell/panel-registry.tsx'
import { keysText, TAB_KEYS } from '../ui/keys.ts'
import { panelTexts } from './panel-texts.ts'
import { reference } from './reference.ts'
import { type HelpSection, sectionsOf } from './sections.ts'

const sources: Record<string, string> = import.meta.glob(
  ['/src/sdk/hooks.ts', '/src/sdk/kinds.ts', '/src/sdk/core-services.ts', '/src/sdk/errors.ts'],
  { query: '?raw', import: 'default', eager: true },
)
const source = (name: string): string => sources[`/src/sdk/${name}.ts`] ?? ''

const panels = (): string =>
  Object.entries(PANELS)
    .map(([id, { title }]) => `## The panel ${title}\n\n${panelTexts[id] ?? ''}`)
    .join('\n\n')

/** Keys of Monaco and of lists, which are no actions of the page. */
const EDITOR_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['F8', 'next problem in the text'],
  ['F12', 'definition of the name at the cursor'],
  ['F2', 'rename the name at the cursor everywhere; in Files, the file'],
  ['Shift+Alt+F', 'format the file'],
  ['Mod+.', 'quick fixes at the cursor'],
  ['Mod+Shift+O', 'go to a symbol of the file'],
  ['Mod+G', 'go to a line'],
  ['Mod+F', 'find in the file'],
  ['Mod+S', 'save now (every edit is saved anyway)'],
  [TAB_KEYS, 'let Tab move the focus on instead of indenting, and back'],
]

const keysTable = (actions: readonly Action[]): string => `# Keyboard

## Keys

| keys | do |
| --- | --- |
${actions
  .filter(({ keys = [] }) => keys.length > 0)
  .map(
    ({ title, keys }) =>
      `| ${keys!.map((each) => `\`${keysText(each)}\``).join(', ')} | ${title} |`,
  )
  .join('\n')}

## Keys in the text

| keys | do |
| --- | --- |
${EDITOR_KEYS.map(([keys, does]) => `| \`${keysText(keys)}\` | ${does} |`).join('\n')}
`

export function helpSections(actions: readonly Action[]): HelpSection[] {
  const told = reference(
    {
      hooks: source('hooks'),
      kinds: source('kinds'),
      services: source('core-services'),
      errors: source('errors'),
    },
    pluginKinds,
  )
  const parts = [guide, told, `# Panels\n\n${panels()}`, keysTable(actions)]
  return parts.flatMap(sectionsOf)
}
