// Errors as they come from the engine: all fields kept, none trusted.
import { transferHandlers } from 'comlink'
import { errorSchema } from '#protocol'
import { EngineError, type ErrorInfo, z } from '#sdk'

const stackSchema = z.object({ stack: z.string().max(20_000).optional() })

/** The error that a record describes; a record that doesn't fit gives an error saying so. */
function engineError(record: unknown): EngineError {
  const info = errorSchema.safeParse(record)
  if (!info.success) {
    return new EngineError({
      code: 'engine.internal',
      message: 'The engine answered with an error that cannot be read.',
    })
  }
  const error = revive(info.data)
  const { data } = stackSchema.safeParse(record)
  if (data?.stack) error.stack = data.stack
  return error
}

function revive({ cause, ...info }: ErrorInfo): EngineError {
  return new EngineError(cause ? { ...info, cause: revive(cause) } : info)
}

const byDefault = transferHandlers.get('throw')
if (!byDefault) throw new Error("comlink has no 'throw' handler.")

transferHandlers.set('throw', {
  canHandle: byDefault.canHandle,
  serialize() {
    throw new TypeError('The page never sends errors to the engine.')
  },
  deserialize(record) {
    throw engineError(record)
  },
})
// Neither side may hand out live objects: from one of the page, hostile code could reach the page.
transferHandlers.delete('proxy')
