// Checks of what handlers return.
import { EngineError, type z } from '#sdk'
import type { Handler } from './handler.ts'

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

/** Refuses a replacement for a pipe's value that is of another type. */
export function checkValue(
  { plugin, hook }: Handler,
  field: string,
  value: unknown,
  result: unknown,
): void {
  if (tagOf(result) === tagOf(value)) return
  throw new EngineError({
    code: 'hook.result',
    message: `${plugin} returned a ${tagOf(result)} from ${hook}, but ${field} is a ${tagOf(value)}`,
    hint: `return a ${tagOf(value)}, or nothing to leave ${field} as it is`,
  })
}

/** What a handler added to a collection, as a list; refuses what does not fit. */
export function checkItems(
  { plugin, hook }: Handler,
  item: z.ZodType | undefined,
  result: unknown,
): unknown[] {
  return [result].flat().map((given: unknown) => {
    const parsed = item?.safeParse(given)
    if (!parsed) return given
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new EngineError({
      code: 'hook.result',
      message: `${plugin} returned from ${hook} what it does not collect: ${[...issue!.path, issue!.message].join(' ')}`,
      hint: 'return one item, a list of them, or nothing',
    })
  })
}
