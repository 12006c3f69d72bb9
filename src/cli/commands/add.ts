// plugboard add: packages of plugins into the folder of a workspace, from npm, an address, GitHub or this computer.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type FileContent, type Files, loadPackages } from '#workspace'
import { defineCommand } from '../command.ts'
import { EXIT, type Io } from '../io.ts'
import { openWorkspace } from '../open-workspace.ts'
import { nodePackageIo } from '../package-io.ts'
import { formatProblems } from '../problems.ts'
import { HERE, readFolder } from '../read-workspace.ts'

export const add = defineCommand({
  name: 'add',
  summary:
    'adds a package of plugins, or brings all that packages.yaml names; runs nothing of them',
  optional: ['package'],
  options: {
    to: { type: 'string', value: '<folder>', default: HERE, help: 'folder of the workspace' },
    update: {
      type: 'boolean',
      default: false,
      help: 'chooses the versions of packages.yaml anew, whatever the lock says',
    },
  },
  notes: [
    '',
    'A package is a name with or without a range (plugboard-lion@^1), an https address of a .tgz or .zip,',
    'github:owner/repo#tag, or the path of a folder or archive, seen from the workspace.',
  ],
  async run([request], { to, update }, io) {
    const files = await readFolder(to)
    const { addPackage, addWanted, parseRequest, withChanges } = await loadPackages()
    const from = nodePackageIo(to)
    const { additions, changes } =
      request === undefined
        ? await addWanted(files, from, update)
        : await addPackage(files, parseRequest(request), from).then((addition) => ({
            additions: [addition],
            changes: addition.changes,
          }))
    if (additions.length === 0) {
      throw new Error('Name a package: packages.yaml of the workspace names none.')
    }
    await write(to, changes)
    for (const { plan, resolved } of additions) {
      const { name, version } = resolved.package.json
      const was = plan.before === undefined || plan.before === version ? '' : `, was ${plan.before}`
      io.out.write(`${name} ${version}${was} in ${plan.folder}, from ${resolved.resolved}\n`)
    }
    const folders = additions.map(({ plan }) => plan.folder)
    return (await tell(withChanges(files, changes), folders, io)) ? EXIT.ok : EXIT.failed
  },
})

async function write(
  folder: string,
  changes: ReadonlyMap<string, FileContent | null>,
): Promise<void> {
  for (const [path, content] of changes) {
    const target = join(folder, path)
    if (content === null) {
      await rm(target)
      continue
    }
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content)
  }
}

/** Says what the packages bring, from their manifests, and what is wrong with them. Nothing of them runs. */
async function tell(files: Files, folders: readonly string[], { out, err }: Io): Promise<boolean> {
  const isOfThem = (file = ''): boolean => folders.some((folder) => file.startsWith(`${folder}/`))
  const { engine, problems, close } = await openWorkspace(files, {
    device: 'cpu',
    onEvent: () => undefined,
  })
  try {
    const report = await engine.report()
    for (const { manifest, file } of report.plugins) {
      if (!isOfThem(file)) continue
      const { name, version, category, description } = manifest
      out.write(
        `  ${name} ${version} · ${category}${description === '' ? '' : ` · ${description}`}\n`,
      )
    }
    const found = [...problems, ...report.problems].filter(({ source }) => isOfThem(source?.file))
    if (found.length > 0) err.write(formatProblems({ problems: found, files }, err))
    return found.length === 0
  } finally {
    close()
  }
}
