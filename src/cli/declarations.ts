// Type declarations of a workspace's files, as tsc writes them, from the editor's own compiler and libraries.
import type { Files } from '#workspace'
import { checkerOf, ROOT } from './type-errors.ts'

/** Gives the `.d.ts` of a file. The first takes seconds: it reads the types of all libraries. */
export async function declarationsIn(
  files: Files,
): Promise<(path: string) => Promise<string | undefined>> {
  const service = checkerOf(files)
  return async (path) => {
    const { outputFiles } = service.getEmitOutput(ROOT + path, true, true)
    return outputFiles.find(({ name }) => name.endsWith('.d.ts'))?.text
  }
}
