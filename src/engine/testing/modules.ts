// For unit tests: sources compiled as the page would, and modules evaluated in Node.
import { transformWithOxc } from 'vite'
import type { CompiledModule } from '#protocol'
import type { ModuleHost } from '../modules/index.ts'

/** Compiles TypeScript sources, by path. */
export async function compileFiles(files: Record<string, string>): Promise<CompiledModule[]> {
  return await Promise.all(
    Object.entries(files).map(async ([path, source]) => {
      const { code, map } = await transformWithOxc(source, path, {
        target: 'es2022',
        sourcemap: true,
      })
      return { path, code, map: JSON.stringify(map) }
    }),
  )
}

/** Evaluates modules through `data:` URLs, which Node imports natively. */
export const nodeModuleHost: ModuleHost = {
  urlOf: (code) => `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`,
  revoke: () => undefined,
  import: (url) => import(/* @vite-ignore */ url) as Promise<Record<string, unknown>>,
}
