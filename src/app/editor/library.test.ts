// Built-in sources: every built-in plugin can be read and forked as one file.
import { builtinPlugins } from '#plugins'
import { pluginSpec } from '#sdk'
import { expect, test } from 'vitest'
import { workspaceStore } from '../workspace/workspace.ts'
import './builtin-sources.ts'
import { builtinSource, forkBuiltin, libraryFiles } from './library.ts'

const names = builtinPlugins.map((plugin) => pluginSpec(plugin)!.manifest!.name)

test.each(names)('the source of %s is found, and needs no other file', (name) => {
  const path = builtinSource(name)
  expect(path).toBeDefined()
  expect(libraryFiles.get(path!)).not.toMatch(/from '\.\.?\//)
})

test('an unknown plugin has no source', () => {
  expect(builtinSource('no_such_plugin')).toBeUndefined()
})

test('a fork is a copy in plugins/, under a name that is free', () => {
  const source = builtinSource('early_stopping')!
  expect(forkBuiltin(source)).toBe('plugins/early-stopping.ts')
  expect(forkBuiltin(source)).toBe('plugins/early-stopping-2.ts')
  const { files, active } = workspaceStore.getState()
  expect(files.get('plugins/early-stopping.ts')).toBe(libraryFiles.get(source))
  expect(active).toBe('plugins/early-stopping-2.ts')
})
