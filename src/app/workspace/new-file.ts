// What a new file starts with.
import { baseName, loadTemplates } from '#workspace'
import { nameOf } from '../store/engine-slice.ts'
import { engineStore } from '../store/store.ts'

const IS_PLUGIN = /^plugins\/[^/]+\.ts$/

/** First text of a file made at `path`; of a plugin, a callback. */
export async function initialText(path: string): Promise<string> {
  if (!IS_PLUGIN.test(path)) return ''
  const { nameOfFile, namesOf, pluginTexts } = await loadTemplates()
  const taken = new Set(engineStore.getState().engine.plugins.map(nameOf))
  const name = nameOfFile(baseName(path).replace(/\.ts$/, ''), taken)
  return pluginTexts('callback', namesOf(name)).plugin
}
