// What a workspace is, wherever it is open: files and their rules, links, compiled modules. Knows no page and no disk.
export {
  contentOf,
  type FileContent,
  type Files,
  filesProblem,
  MAX_TOTAL_BYTES,
  sizeOf,
  sizeProblem,
} from './files.ts'
export { baseName, freePath, isLibraryPath, LIBRARY_FOLDER, newPathProblem } from './path.ts'
export { PROJECT_FILE, projectOf, readFile } from './project.ts'
export {
  compileFile,
  type CompileResult,
  compilerOptions,
  isSource,
  type TypeScript,
} from './compile.ts'
export { decodeLink, encodeLink, isShareLink } from './link/codec.ts'
export type { SharedWorkspace } from './link/framing.ts'
