// Ways to a plugin's source: to the line of a hook, a contribution, an event, or of the plugin itself.
import { toast } from 'sonner'
import { findBuiltinSource, libraryText } from '../../editor/index.ts'
import { goTo } from '../../shell/navigation.ts'
import { nameOf } from '../../store/engine-slice.ts'
import { engineStore } from '../../store/store.ts'
import { workspaceStore } from '../../workspace/index.ts'
import { placeOf, type Sources, type Subject } from './source-places.ts'

/** Opens the place; says so where there is none. */
export async function goToPart(plugin: string, subject: Subject, name: string): Promise<void> {
  const place = placeOf(await sourcesOf(plugin), subject, name, plugin)
  if (place) goTo(place)
  else toast.info(`The source of ${plugin} is not at hand.`)
}

export const goToPlugin = (plugin: string): Promise<void> => goToPart(plugin, 'plugin', plugin)

/** Every source of a plugin, that of its manifest first. */
async function sourcesOf(name: string): Promise<Sources> {
  const plugin = engineStore.getState().engine.plugins.find((each) => nameOf(each) === name)
  if (!plugin) return []
  const isBuiltin = plugin.origin === 'builtin'
  const path = isBuiltin ? await findBuiltinSource(name) : plugin.file
  if (path === undefined) return []
  const texts = isBuiltin ? libraryText : workspaceStore.getState().files
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  // Those of `plugins/` itself are other plugins.
  const isFolder = path.split('/').length > 2
  const beside = [...texts.keys()].filter(
    (other) => isFolder && other !== path && other.startsWith(folder) && other.endsWith('.ts'),
  )
  return [path, ...beside].flatMap((each) => {
    const text = texts.get(each)
    return typeof text === 'string' ? [[each, text] as const] : []
  })
}
