// plugboard new: a plugin from a template, with its test, in a workspace that is there or begins with it.
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Files,
  isPluginKind,
  loadTemplates,
  pluginKinds,
  type PluginPlan,
  PROJECT_FILE,
} from '#workspace'
import { defineCommand } from '../command.ts'
import { EXIT, UsageError } from '../io.ts'
import { openWorkspace } from '../open-workspace.ts'
import { HERE, readFolder } from '../read-workspace.ts'

const kindWidth = Math.max(...Object.keys(pluginKinds).map((kind) => kind.length))

export const make = defineCommand({
  name: 'new',
  summary: 'makes a plugin from a template, with its test; a new folder becomes a workspace',
  args: ['kind', 'name'],
  optional: ['folder'],
  options: {
    use: {
      type: 'boolean',
      default: false,
      help: 'name it in the experiment in any case, in place of what is named there',
    },
  },
  notes: [
    '',
    'Kinds:',
    ...Object.entries(pluginKinds).map(([kind, what]) => `  ${kind.padEnd(kindWidth)}  ${what}`),
  ],
  async run([kind, name, folder = HERE], { use }, { out }) {
    if (!isPluginKind(kind!)) throw new UsageError(`There is no kind '${kind}'.`)
    const files = await filesOf(folder)
    const { planPlugin } = await loadTemplates()
    const plugins = await pluginsOf(files)
    const isUsed = use ? true : undefined
    const plan = planPlugin({ kind, name: name!, files, plugins, isUsed })
    await write(folder, plan.files, files)
    out.write(textOf(plan, folder, files.has(PROJECT_FILE)))
    return EXIT.ok
  },
})

/** Files of a folder; of one that is not there yet, none. */
async function filesOf(folder: string): Promise<Files> {
  const found = await stat(folder).catch(() => undefined)
  if (!found) return new Map()
  if (found.isDirectory()) return await readFolder(folder)
  throw new Error(`'${folder}' is no folder; a plugin is made in a folder.`)
}

/** All plugins there are, known by their manifests: nothing of them runs. */
async function pluginsOf(files: Files) {
  const { engine, close } = await openWorkspace(files, { device: 'cpu', onEvent: () => undefined })
  try {
    return (await engine.report()).plugins
  } finally {
    close()
  }
}

/** Only the project file may be there already. */
async function write(folder: string, files: PluginPlan['files'], before: Files): Promise<void> {
  for (const [path, text] of files) {
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text, { flag: before.has(path) ? 'w' : 'wx' })
  }
}

function textOf(
  { pluginPath, testPath, project, needs }: PluginPlan,
  folder: string,
  hadProject: boolean,
): string {
  const at = folder === HERE ? '' : ` ${folder}`
  const instead = project.replaces === undefined ? '' : `, in place of ${project.replaces}`
  const did = hadProject ? `names it now${instead}` : 'is new: an experiment that trains with it'
  const lines = [
    `Made ${pluginPath} and its test ${testPath}.`,
    ...(project.text === undefined ? [] : [`${PROJECT_FILE} ${did}.`]),
    ...(project.isLeft
      ? [
          `To train with it, write in ${PROJECT_FILE}${instead}:`,
          project.lines.replaceAll(/^/gm, '  '),
        ]
      : []),
    ...(needs === undefined || !hadProject ? [] : [`It needs ${needs}.`]),
    `Try it: plugboard test${at}, plugboard run${at}`,
  ]
  return `${lines.join('\n')}\n`
}
