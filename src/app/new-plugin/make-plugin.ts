// Writes a new plugin into the workspace and shows it once the dialog is gone.
import { type PluginPlan, PROJECT_FILE } from '#workspace'
import { toast } from 'sonner'
import { goTo } from '../shell/navigation.ts'
import { afterDialog } from '../ui/dialog.ts'
import { workspaceStore } from '../workspace/index.ts'

/** Puts the files of a plan into the workspace and opens the plugin. Says what is left to do. */
export function makePlugin({ files, pluginPath, project, needs }: PluginPlan): void {
  const { files: before, create, edit } = workspaceStore.getState()
  for (const [path, text] of files) {
    if (before.has(path)) edit(path, text)
    else create(path, text, { open: path === pluginPath })
  }
  afterDialog(() => goTo({ file: pluginPath }))
  if (!project.isLeft) {
    toast.success(`Made ${pluginPath}`)
    return
  }
  const needed = needs === undefined ? '' : ` It needs ${needs}.`
  toast.info(`Made ${pluginPath}, which nothing names yet`, {
    description: `It takes part when ${PROJECT_FILE} names it.${needed}`,
    duration: 10_000,
  })
}
