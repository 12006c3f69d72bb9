// Commands as text: how one is called, what each argument is, what came out of it.
import type { CommandInfo } from '#sdk'
import { formatValue } from './arguments.ts'
import { type Field, fieldsOf } from './fields.ts'

const TYPES = {
  text: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  choice: '',
  data: 'YAML',
} satisfies Record<Field['type'], string>

/** Most values of a choice that are spelled out. */
const MAX_CHOICES = 8

/** What may be given: `whole number, 1 to 9`. */
export function kindOf(field: Field): string {
  const { type, choices, minimum, maximum } = field
  if (type === 'choice') {
    const shown = choices.slice(0, MAX_CHOICES).map((value) => formatValue(value, field))
    return [...shown, ...(choices.length > MAX_CHOICES ? ['…'] : [])].join(' or ')
  }
  if (minimum === undefined && maximum === undefined) return TYPES[type]
  if (maximum === undefined) return `${TYPES[type]}, at least ${minimum}`
  if (minimum === undefined) return `${TYPES[type]}, at most ${maximum}`
  return `${TYPES[type]}, ${minimum} to ${maximum}`
}

/** What may be given, and what for: `text · who is greeted`. */
export const aboutField = (field: Field): string =>
  [kindOf(field), field.description].filter((text) => text !== '').join(' · ')

function placeholder(field: Field): string {
  const { name, isRequired, fallback } = field
  if (fallback !== undefined) return `[${name}=${formatValue(fallback, field)}]`
  return isRequired ? `${name}=<${kindOf(field)}>` : `[${name}=<${kindOf(field)}>]`
}

/** How a command is called, what may be left out in brackets: `greet name=<text> [times=1]`. */
export const usageOf = ({ name, args }: CommandInfo): string =>
  [name, ...fieldsOf(args).map(placeholder)].join(' ')

/** A command in lines: usage, what it does, each of its arguments. */
export function describeCommand(command: CommandInfo): readonly string[] {
  const { title, description, error, args } = command
  const what = [title === command.name ? '' : title, description].filter((text) => text !== '')
  const fields = fieldsOf(args)
  const width = Math.max(0, ...fields.map(({ name }) => name.length))
  return [
    usageOf(command),
    ...(error ? [`  cannot run: ${error.message}`] : []),
    ...(what.length > 0 ? [`  ${what.join(': ')}`] : []),
    ...fields.map((field) => `    ${field.name.padEnd(width)}  ${aboutField(field)}`),
  ]
}
