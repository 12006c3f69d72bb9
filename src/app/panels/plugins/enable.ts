// Whether the project wants a plugin: an edit of plugboard.yaml that keeps all else as it was written.
import { loadYaml, PROJECT_FILE } from '#workspace'
import { toast } from 'sonner'
import { workspaceStore } from '../../workspace/index.ts'

/** Writes `plugins.use.<name>.enabled`; what keeps it from that is shown. */
export async function setEnabled(name: string, isEnabled: boolean): Promise<void> {
  const { readConfig, setValue } = await loadYaml()
  const { files, create, edit } = workspaceStore.getState()
  const text = files.get(PROJECT_FILE) ?? ''
  try {
    if (typeof text !== 'string' || readConfig(text).problem)
      throw new Error(`${PROJECT_FILE} has mistakes: correct them first, then switch ${name}.`)
    const changed = setValue(text, ['plugins', 'use', name, 'enabled'], isEnabled)
    if (files.has(PROJECT_FILE)) edit(PROJECT_FILE, changed)
    else create(PROJECT_FILE, changed, { open: false })
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}
