// Commands of plugins as actions of the palette.
import type { CommandInfo } from '#sdk'
import { fieldsOf } from '#workspace'
import { CircleX, SquareTerminal } from 'lucide-react'
import { toast } from 'sonner'
import type { Action } from '../actions/action.ts'
import { openPalette } from '../palette/palette-store.ts'

/** A command that takes arguments asks for them. */
export function commandAction(command: CommandInfo): Action {
  const { name, title, description, plugin, args, error } = command
  const hasArguments = fieldsOf(args).length > 0
  const about = error ? `cannot run: ${error.message}` : description
  return {
    id: `command.${name}`,
    title: hasArguments ? `${title}…` : title,
    group: plugin,
    icon: error ? CircleX : SquareTerminal,
    hint: [name, about].filter((text) => text !== '').join(' · '),
    staysInPalette: hasArguments,
    run() {
      if (hasArguments) openPalette({ kind: 'arguments', command })
      else void runNow(command)
    },
  }
}

/** What runs it brings the YAML library. */
async function runNow(command: CommandInfo): Promise<void> {
  try {
    const { outcomeOf, tell } = await import('./run-command.ts')
    tell(command, {}, await outcomeOf(command.name, {}))
  } catch {
    toast.error(`${command.title} could not be loaded. Check the network and try again.`)
  }
}
