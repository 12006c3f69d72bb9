// A first test for a plugin: what every plugin must keep.
import type { PluginInfo } from '#protocol'
import { baseName, type Files } from '#workspace'

export interface Untested {
  plugin: string
  /** The plugin's source. */
  file: string
  /** Where its tests would be. */
  path: string
}

/** Plugins of the workspace that no test file is named after. */
export function untested(plugins: readonly PluginInfo[], files: Files): Untested[] {
  return plugins.flatMap(({ manifest, file }) => {
    const text = file === undefined ? undefined : files.get(file)
    if (file === undefined || typeof text !== 'string' || !/^export default /m.test(text)) return []
    const path = `tests/${stemOf(file)}.test.ts`
    return files.has(path) ? [] : [{ plugin: manifest.name, file, path }]
  })
}

/** `plugins/step-log.ts` → `step-log`, `plugins/step-log/index.ts` as well. */
const stemOf = (file: string): string =>
  baseName(file.replace(/\/index\.ts$/, '')).replace(/\.ts$/, '')

/** Text of the test file. */
export function firstTest({ file }: Untested): string {
  const words = stemOf(file).split(/[^A-Za-z0-9]+/)
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  const identifier = /^[A-Z]/.test(name) ? name : 'Plugin'
  return `import { test, testPlugin } from 'plugboard/testing'
import ${identifier} from '../${file}'

test('conforms to what every plugin must keep', () => testPlugin(${identifier}))
`
}
