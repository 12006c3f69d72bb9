// Compiles a workspace's TypeScript in the browser, with the TypeScript that Monaco brings.
export { compileTexts, compileWorkspace, declarationsOf } from './compile.ts'
