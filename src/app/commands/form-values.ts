// What the form of a command holds: a text for each argument, and the arguments that they mean.
import { type Field, shownValue, valueOf } from '#workspace'

export type Texts = Readonly<Record<string, string>>

const TRUTH = [true, false]

/** The values to choose one from; none for what is typed. A truth that may be left out is one of three. */
export function choicesOf({ type, choices, isRequired, fallback }: Field): readonly unknown[] {
  return type === 'boolean' && !isRequired && fallback === undefined ? TRUTH : choices
}

/** True for what is a tick. */
export const isTick = (field: Field): boolean =>
  field.type === 'boolean' && choicesOf(field).length === 0

/** The text of an argument that was not touched. Of a choice it is the place of the value, empty for none. */
function initialText(field: Field): string {
  const choices = choicesOf(field)
  if (choices.length === 0)
    return isTick(field) ? String(field.fallback === true) : shownValue(field.fallback, field)
  const place = choices.indexOf(field.fallback)
  return place < 0 ? '' : String(place)
}

export const initialTexts = (fields: readonly Field[]): Texts =>
  Object.fromEntries(fields.map((field) => [field.name, initialText(field)]))

/** The arguments; those left empty are left out. `problems` by argument are of texts that mean nothing. */
export function argumentsOf(
  fields: readonly Field[],
  texts: Texts,
): { args: Record<string, unknown>; problems: Record<string, string> } {
  const args: [string, unknown][] = []
  const problems: [string, string][] = []
  for (const field of fields) {
    const { name, type, fallback } = field
    const text = texts[name] ?? ''
    const choices = choicesOf(field)
    if (type === 'text') {
      // Empty is a text of its own only where it stands for another than the default.
      if (text !== '' || fallback !== undefined) args.push([name, text])
    } else if (text === '') continue
    else if (choices.length > 0) args.push([name, choices[Number(text)]])
    else {
      try {
        args.push([name, valueOf(text, field)])
      } catch (thrown) {
        problems.push([name, `This is no YAML: ${(thrown as Error).message}`])
      }
    }
  }
  return { args: Object.fromEntries(args), problems: Object.fromEntries(problems) }
}
