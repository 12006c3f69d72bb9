// Every built-in plugin is one to learn from: its file, copied into a workspace, stands in for it as it is.
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { openWorkspace } from './run-workspace.ts'

const folder = fileURLToPath(new URL('../../src/plugins/', import.meta.url))

async function sources(): Promise<string[]> {
  const paths = await readdir(folder, { recursive: true })
  return paths.filter((path) => /^(?!testing)\w+\/[\w-]+\.ts$/.test(path))
}

test('forks of all built-in plugins come up in their place', async () => {
  const paths = await sources()
  expect(paths).toHaveLength(builtinPlugins.length)
  const files = await Promise.all(
    paths.map(async (path) => {
      return [`plugins/${path.replace('/', '-')}`, await readFile(folder + path, 'utf8')] as const
    }),
  )
  const { engine } = await openWorkspace(new Map(files), 'cpu')
  const report = await engine.activate()
  expect(report.problems).toEqual([])
  const forks = report.plugins.filter(({ origin }) => origin === 'workspace')
  expect(forks).toHaveLength(paths.length)
  for (const { manifest, state, replacesBuiltin } of forks)
    expect([manifest.name, state, replacesBuiltin]).toEqual([manifest.name, 'running', true])
}, 60_000)
