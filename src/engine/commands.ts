// Commands of plugins: what there is, and running one with its arguments checked.
import { type Command, type CommandInfo, z } from '#sdk'
import { parseConfig } from './config/index.ts'
import { joined } from './joined.ts'
import type { Core } from './lifecycle/index.ts'
import { plainCopy } from './plain.ts'

const noArguments = z.strictObject({})
const nowhere = { value: undefined, path: [] }

const schemaOf = ({ args }: Command): z.ZodType => (args instanceof z.ZodType ? args : noArguments)

/** Every command that there is now. */
export function listCommands({ registry, creator }: Core): CommandInfo[] {
  return registry.list('command').map(({ name, plugin, description }) => {
    const command = creator.create('command', name, {}, nowhere)
    const args = z.toJSONSchema(schemaOf(command), { io: 'input', unrepresentable: 'any' })
    return {
      name,
      plugin,
      title: String(command.title),
      description: String(command.description ?? description),
      args,
    }
  })
}

/** Runs a command. Throws `contribution.config` with every problem of its arguments, and what it throws, located. */
export async function runCommand(
  { creator, enter, locate }: Core,
  name: string,
  args: Record<string, unknown>,
): Promise<unknown> {
  const { plugin } = creator.find('command', name, nowhere)
  const command = creator.create('command', name, {}, nowhere)
  const parsed = parseConfig(schemaOf(command), args, {
    subject: `command ${name}`,
    path: [],
    locate: () => ({ file: '', line: 1, column: 1 }),
    code: 'contribution.config',
    plugin,
  })
  if (parsed.problems) {
    // They were not written in a file.
    for (const problem of parsed.problems) problem.source = undefined
    throw joined(parsed.problems)
  }
  const stage = `command ${name}`
  enter(plugin, stage)
  try {
    return plainCopy(await command.run(parsed.value))
  } catch (thrown) {
    throw locate(thrown, { code: 'plugin.threw', plugin, stage })
  }
}
