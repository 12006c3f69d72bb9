// plugboard list: the plugins that a workspace can use, with their states and what they contribute, and commands.
import type { PluginInfo } from '#protocol'
import type { CommandInfo } from '#sdk'
import { describeCommand } from '#workspace'
import { defineCommand } from '../command.ts'
import { EXIT, type Output, paint } from '../io.ts'
import { openWorkspace } from '../open-workspace.ts'
import { formatProblems } from '../problems.ts'
import { readWorkspace } from '../read-workspace.ts'

export const list = defineCommand({
  name: 'list',
  summary: 'lists the plugins of a workspace with states and contributions, and their commands',
  optional: ['workspace'],
  options: {
    all: { type: 'boolean', default: false, help: 'built-in plugins that it does not use as well' },
    json: { type: 'boolean', default: false, help: 'write the whole report as JSON' },
  },
  async run([target], { all, json }, { out, err }) {
    const files = await readWorkspace(target)
    const workspace = await openWorkspace(files, { device: 'cpu', onEvent: () => undefined })
    const report = await workspace.engine.activate()
    const commands = await workspace.engine.commands()
    workspace.close()
    const problems = [...workspace.problems, ...report.problems]
    if (json) {
      const { plugins } = report
      out.write(`${JSON.stringify({ plugins, commands, problems }, undefined, 2)}\n`)
    } else {
      out.write(
        table(
          report.plugins.filter((plugin) => all || isOfWorkspace(plugin)),
          out,
        ),
      )
      out.write(commandList(commands, out))
      err.write(formatProblems({ problems, files }, err))
    }
    return problems.length > 0 ? EXIT.failed : EXIT.ok
  },
})

/** What the workspace brings or uses; with a failure, it is to be seen that it does. */
const isOfWorkspace = ({ origin, isEnabled, state }: PluginInfo): boolean =>
  origin === 'workspace' || isEnabled || state === 'failed'

/** Until a plugin is up, only its manifest tells what it offers. */
function offers({ contributions, manifest }: PluginInfo): string {
  const names = contributions.map(({ kind, name }) => `${kind}/${name}`)
  return (names.length > 0 ? names : manifest.provides).join(', ')
}

function table(plugins: readonly PluginInfo[], out: Output): string {
  const rows = plugins
    .toSorted((a, b) => Number(b.origin === 'workspace') - Number(a.origin === 'workspace'))
    .map((plugin) => {
      const { manifest, state, origin, replacesBuiltin, file } = plugin
      const where = file ?? origin
      return [
        `${manifest.name} ${manifest.version}`,
        manifest.category,
        state,
        replacesBuiltin ? `${where} (replaces the built-in)` : where,
        offers(plugin),
      ]
    })
  const all = [['plugin', 'category', 'state', 'from', 'contributes'], ...rows]
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)))
  const [head, ...lines] = all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  )
  return `${[paint(out, 'bold', head!), ...lines].join('\n')}\n`
}

function commandList(commands: readonly CommandInfo[], out: Output): string {
  if (commands.length === 0) return ''
  const lines = commands.flatMap((command) => {
    const [usage, ...about] = describeCommand(command)
    return [`${usage}  ${paint(out, 'dim', `(${command.plugin})`)}`, ...about]
  })
  return `\n${[paint(out, 'bold', 'commands'), ...lines].join('\n')}\n`
}
