// Commands of plugins: what there is, and running one with its arguments checked.
import {
  type Command,
  type CommandInfo,
  EngineError,
  errorInfo,
  isEngineError,
  type ValueIssue,
  z,
} from '#sdk'
import { issuesOf, jsonSchemaOf, strict } from './config/index.ts'
import type { Core } from './lifecycle/index.ts'
import { plainCopy } from './plain.ts'

const noArguments = z.strictObject({})
const nowhere = { value: undefined, path: [] }

/** Longest texts that lists show of a command. */
const MAX_TITLE = 300
const MAX_DESCRIPTION = 5000

/** Every command that there is now. One that cannot be made is listed with the reason. */
export function listCommands(core: Core): CommandInfo[] {
  return core.registry.list('command').map(({ name, plugin, description }) => {
    try {
      const { command, schema } = make(core, name, plugin)
      return {
        name,
        plugin,
        title: String(command.title ?? name).slice(0, MAX_TITLE),
        description: String(command.description ?? description).slice(0, MAX_DESCRIPTION),
        args: jsonSchemaOf(schema),
      }
    } catch (thrown) {
      return { name, plugin, title: name, description, args: {}, error: errorInfo(thrown) }
    }
  })
}

/**
 * Runs a command. Throws `contribution.config` with every problem of its arguments, one of `issues` each, and
 * what the command throws, located.
 */
export async function runCommand(
  core: Core,
  name: string,
  args: Record<string, unknown>,
): Promise<unknown> {
  const plugin = ownerOf(core, name)
  const { command, schema } = make(core, name, plugin)
  const stage = `command ${name}`
  core.enter(plugin, stage)
  try {
    const parsed = strict(schema).safeParse(args)
    if (parsed.success) return plainCopy(await command.run(parsed.data))
    throw refused(name, plugin, issuesOf(parsed.error, args, schema))
  } catch (thrown) {
    throw core.locate(thrown, { code: 'plugin.threw', plugin, stage })
  }
}

/** Throws `contribution.missing`, with a name that is close. */
function ownerOf({ creator }: Core, name: string): string {
  try {
    return creator.find('command', name, nowhere).plugin
  } catch (thrown) {
    // No line of the project file names it.
    if (isEngineError(thrown)) thrown.source = undefined
    throw thrown
  }
}

function make({ creator }: Core, name: string, plugin: string) {
  const command: Command = creator.create('command', name, {}, nowhere)
  const schema: unknown = command.args ?? noArguments
  if (schema instanceof z.ZodType) return { command, schema }
  throw new EngineError({
    code: 'contribution.contract',
    plugin,
    message: `\`args\` of command ${name} is no schema`,
    hint: 'write args: z.object({ … }), or leave it out when the command takes none',
  })
}

function refused(name: string, plugin: string, issues: ReturnType<typeof issuesOf>): EngineError {
  const lines = issues.map(({ message }) => `command ${name}: ${message}`)
  return new EngineError({
    code: 'contribution.config',
    plugin,
    message: lines.join('\n'),
    hint: issues.length === 1 ? issues[0]!.hint : undefined,
    issues: issues.map(({ path, message, hint }): ValueIssue => {
      return {
        path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
        message,
        hint,
      }
    }),
  })
}
