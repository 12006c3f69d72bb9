// The heavy half of the editor, loaded as one: starts everything that needs Monaco.
import { watchTypes } from './diagnostics.ts'
import { followStore, sourceModels, syncModels, workspaceModel } from './models.ts'
import { typescriptWorker } from './monaco.ts'
import { openLinksInTabs } from './opener.ts'
import { watchProblems } from './problem-markers.ts'
import { followTheme } from './theme.ts'
import { followYamlSchemas } from './yaml.ts'

export { createCodeView } from './code-view.ts'
export { createDiffView } from './diff-view.ts'
export { sourceModels, syncModels, typescriptWorker, workspaceModel }

followStore()
watchTypes()
watchProblems()
followTheme()
followYamlSchemas()
openLinksInTabs()
