// The source files of a plugin, its own or those of a built-in one, once they are there.
import type { PluginInfo } from '#protocol'
import { libraryText, useBuiltinSource } from '../../editor/index.ts'
import { useWorkspace } from '../../workspace/index.ts'
import type { Sources } from './source-places.ts'

/** Where it is written, and every source of it; none while those of a built-in one are fetched. */
export function useSources({ manifest, origin, file }: PluginInfo): {
  path: string | undefined
  sources: () => Sources
} {
  const files = useWorkspace((workspace) => workspace.files)
  const builtin = useBuiltinSource(manifest.name)
  const path = origin === 'builtin' ? builtin : file
  const sources = (): Sources => {
    if (path === undefined) return []
    const texts = origin === 'builtin' ? libraryText : files
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    const isFolder = path.split('/').length > 2
    const beside = [...texts].filter(
      ([other]) => isFolder && other !== path && other.startsWith(folder) && other.endsWith('.ts'),
    )
    return [[path, texts.get(path)] as const, ...beside].flatMap(([each, text]) =>
      typeof text === 'string' ? [[each, text] as const] : [],
    )
  }
  return { path, sources }
}
