// JSON files read with distrust.
import type { z } from 'zod'
import { EngineError } from './errors.ts'

/**
 * The content of a JSON file. Throws `file.invalid`, which names the file by `subject` and says what is wrong where,
 * for bytes that are no JSON and for content that the schema refuses; `hint` says what to take instead.
 */
export function parseJson<S extends z.ZodType>(
  bytes: ArrayBuffer | Uint8Array,
  schema: S,
  { subject, hint }: { subject: string; hint: string },
): z.output<S> {
  const refuse = (problem: string): EngineError =>
    new EngineError({ code: 'file.invalid', message: `${subject} ${problem}`, hint })
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder().decode(bytes))
  } catch (thrown) {
    throw refuse(`is no JSON: ${(thrown as Error).message}`)
  }
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw refuse(`is of another form: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`)
}
