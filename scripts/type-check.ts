// Type-checks files of a workspace for tests, under the options that the examples have.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the compiler says of all of them together: nothing when there are no errors of type. */
export async function typeErrorsOf(files: Iterable<readonly [string, string]>): Promise<string> {
  await mkdir(join(root, '.cache'), { recursive: true })
  const folder = await mkdtemp(join(root, '.cache/types-of-'))
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    const config = {
      extends: '../../examples/tsconfig.json',
      compilerOptions: { incremental: false },
      include: ['**/*.ts', '../../src/sdk/globals.d.ts'],
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const checked = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch(
      (failed: { stdout: string }) => failed,
    )
    return checked.stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}
