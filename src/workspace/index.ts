// What a workspace is, wherever it is open: files, links, compiled modules, commands. Knows no page and no disk.
export {
  contentOf,
  type FileContent,
  type Files,
  filesProblem,
  isSameContent,
  MAX_TEXT_LENGTH,
  MAX_FILES,
  MAX_TOTAL_BYTES,
  newFileProblem,
  sizeOf,
  sizeProblem,
} from './files.ts'
export {
  type DataPointer,
  MAX_INLINE_DATA,
  missingData,
  pointerOf,
  pointerText,
} from './data-pointer.ts'
export {
  allowedName,
  baseName,
  freePath,
  isLibraryPath,
  LIBRARY_FOLDER,
  newPathProblem,
  pathProblem,
} from './path.ts'
export { PROJECT_FILE, projectOf, readFile, textProblem } from './project.ts'
export {
  compileFile,
  type CompileResult,
  compilerOptions,
  isSource,
  type TypeScript,
} from './compile.ts'
export { decodeLink, encodeLink, type LinkResult } from './link/codec.ts'
export { isShareLink, linkKind } from './link/kind.ts'
export type { SharedWorkspace } from './link/framing.ts'
export { formatValue, parseArguments, shownValue, valueOf } from './commands/arguments.ts'
export { aboutField, describeCommand, kindOf, usageOf } from './commands/describe.ts'
export { type Field, fieldsOf } from './commands/fields.ts'
export { lineOf, wordsOf } from './commands/line.ts'
export { jsonText, resultText } from './commands/result.ts'
export { isPluginKind, type PluginKind, pluginKinds } from './new-plugin/kinds.ts'
export type { PluginPlan, PluginRequest } from './new-plugin/index.ts'

/** The same two for a page, which fetches them when there is a link to read or make: they bring the dictionary. */
export const loadLinks = () => import('./link/codec.ts')

/** What makes plugins from templates; it brings all their texts and the YAML library. */
export const loadTemplates = () => import('./new-plugin/index.ts')

/** What makes, reads and finds packages of plugins; it brings archives, ranges of versions and the YAML library. */
export const loadPackages = () => import('./packages/index.ts')
export type {
  Addition,
  InstalledPackage,
  InstallPlan,
  ListedPackage,
  PackageIndex,
  PackageIo,
  Packed,
  PluginPackage,
  ResolvedPackage,
} from './packages/index.ts'
/** What edits settings in a text and keeps its comments; it brings the YAML library. */
export const loadYaml = () => import('./yaml/index.ts')

/** What opens workspaces from addresses and archives. */
export const loadRemote = () => import('./remote/index.ts')
export type { RemoteAddress } from './remote/index.ts'

/** What writes experiments on the user's own data; it brings the YAML library. */
export const loadOwnData = () => import('./own-data/index.ts')
export type { DataUse } from './own-data/index.ts'

/** What shows the project file as a form and edits it; it brings the YAML library. */
export const loadConfigForm = () => import('./config-form/index.ts')
export type {
  ComponentChoice,
  ConfigDocument,
  Control,
  Entry,
  JsonSchema,
  Path,
  Scalar,
} from './config-form/index.ts'
export {
  type KeptRun,
  type KeptState,
  keptStates,
  type MetricFigures,
  figuresOf,
  type RunDetails,
  runDetailsSchema,
  type RunEntry,
  runEntrySchema,
} from './tracking/kept-run.ts'
export { runTitle } from './tracking/run-title.ts'
export { filesDigest } from './tracking/digest.ts'
export { differingKeys, flatten, type FlatValue } from './tracking/flatten.ts'

/** What writes runs for other tools, and reads them. */
export const loadTracking = () => import('./tracking/index.ts')
