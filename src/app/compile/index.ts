// Compiles a workspace's TypeScript in the browser, with the TypeScript that Monaco brings.
export { compileWorkspace } from './compile.ts'
