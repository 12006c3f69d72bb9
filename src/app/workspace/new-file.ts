// What a new file starts with.
import { baseName } from '#workspace'

const className = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join('')

/** A plugin that does something one can see: it writes a line at the end of each epoch. */
function pluginText(path: string): string {
  const stem = baseName(path).replace(/\.ts$/, '')
  const name = stem
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '_')
    .replace(/^[^a-z]+/, '')
  const title = className(stem)
  return `import { plugin, z, type HookArgs } from 'plugboard'

export default class ${/^[A-Z]/.test(title) ? title : 'NewPlugin'} extends plugin({
  manifest: {
    name: '${name || 'new_plugin'}',
    version: '1.0.0',
    category: 'callback',
    description: 'Says when an epoch ends',
  },
  config: z.object({
    greeting: z.string().default('done').describe('what it says'),
  }),
}) {
  onEpochEnd({ epoch, metrics }: HookArgs<'onEpochEnd'>) {
    this.ctx.log.info(\`epoch \${epoch} \${this.config.greeting}\`, metrics)
  }
}
`
}

/** First text of a file made at `path`. */
export function initialText(path: string): string {
  return /^plugins\/[^/]+\.ts$/.test(path) ? pluginText(path) : ''
}
