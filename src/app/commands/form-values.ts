// What the form of a command holds: a text for each argument, and the arguments that they mean.
import { type Field, jsonText, shownValue, valueOf } from '#workspace'

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

/** The arguments; those left empty or at their default are left out. `problems` by argument are of texts that mean nothing. */
export function argumentsOf(
  fields: readonly Field[],
  texts: Texts,
): { args: Record<string, unknown>; problems: Record<string, string> } {
  const args: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const field of fields) {
    try {
      const value = valueIn(field, texts[field.name] ?? '')
      if (value !== undefined && !isDefault(value, field)) args[field.name] = value
    } catch (thrown) {
      problems[field.name] = `This is no YAML: ${(thrown as Error).message}`
    }
  }
  return { args, problems }
}

const isDefault = (value: unknown, { fallback }: Field): boolean =>
  fallback !== undefined && jsonText(value) === jsonText(fallback)

/** The value that a text means; undefined for none. Throws for what is no YAML. */
function valueIn(field: Field, text: string): unknown {
  // Empty is a text of its own only where it stands for another than the default.
  if (field.type === 'text') return text === '' && field.fallback === undefined ? undefined : text
  if (text === '') return undefined
  const choices = choicesOf(field)
  return choices.length > 0 ? choices[Number(text)] : valueOf(text, field)
}
