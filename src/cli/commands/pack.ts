// plugboard pack: an npm package of plugins of a workspace.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadPackages, sizeOf } from '#workspace'
import { defineCommand } from '../command.ts'
import { compileWorkspace } from '../compile.ts'
import { declarationsIn } from '../declarations.ts'
import { EXIT } from '../io.ts'
import { openWorkspace } from '../open-workspace.ts'
import { HERE, readWorkspace } from '../read-workspace.ts'

export const pack = defineCommand({
  name: 'pack',
  summary:
    'makes an npm package of a plugin: its code, what it imports, its tests, types, a README',
  args: ['plugin'],
  optional: ['workspace'],
  options: {
    name: { type: 'string', value: '<name>', help: 'name for npm; plugboard-<plugin> if left out' },
    with: {
      type: 'string',
      value: '<plugin>',
      multiple: true,
      help: 'another plugin for the same package',
    },
    out: { type: 'string', value: '<folder>', default: '.', help: 'where the .tgz goes' },
    license: { type: 'string', value: '<SPDX name>', help: 'licence, where the manifest has none' },
  },
  async run([plugin, target = HERE], values, { out }) {
    const files = await readWorkspace(target)
    const names = [plugin!, ...(values.with ?? [])]
    const { packPlugins, archiveOf } = await loadPackages()
    const packed = await packPlugins({
      files,
      plugins: await loadedPlugins(files, names),
      modules: (await compileWorkspace(files)).modules,
      declarationsOf: await declarationsIn(files),
      name: values.name,
      license: values.license,
    })
    const archive = await archiveOf(packed.files)
    const path = join(values.out, packed.fileName)
    await writeFile(path, archive)
    for (const [each, content] of packed.files) {
      out.write(`${String(sizeOf(content)).padStart(8)}  ${each}\n`)
    }
    for (const { path: each, reason } of packed.leftOut) out.write(`Left out ${each}: ${reason}.\n`)
    out.write(`${packed.name} ${packed.version}: ${path}, ${archive.length} bytes\n`)
    return EXIT.ok
  },
})

/** Plugins by name, with the schemas of their settings: these are known once the code is loaded. */
async function loadedPlugins(files: Awaited<ReturnType<typeof readWorkspace>>, names: string[]) {
  const { engine, problems, close } = await openWorkspace(files, {
    device: 'cpu',
    onEvent: () => undefined,
  })
  try {
    const [problem] = problems
    if (problem) throw new Error(problem.message)
    const { plugins } = await engine.report()
    for (const name of names) {
      const found = plugins.find(
        ({ manifest, origin }) => manifest.name === name && origin === 'workspace',
      )
      if (!found) {
        const there = plugins.flatMap(({ manifest, origin }) =>
          origin === 'workspace' ? manifest.name : [],
        )
        throw new Error(
          `There is no plugin ${name} in the workspace. It has ${there.join(', ') || 'none'}.`,
        )
      }
      if (found.file?.startsWith('packages/')) {
        throw new Error(`${name} came as a package already: ${found.file}.`)
      }
      if (found.state !== 'discovered') continue
      await engine.transition(name, 'validate')
      await engine.transition(name, 'load')
    }
    const loaded = (await engine.report()).plugins
    return names.flatMap((name) => {
      const found = loaded.find(({ manifest }) => manifest.name === name)
      if (found?.file === undefined) return []
      const { manifest, file, configSchema } = found
      return { manifest, file, configSchema }
    })
  } finally {
    close()
  }
}
