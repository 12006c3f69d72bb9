// Schemas as JSON schemas, for editors: what authors may write, as strictly as it is read.
import { z } from '#sdk'
import { strict } from './strict.ts'

export type JsonSchema = z.core.JSONSchema.BaseSchema

/** The JSON schema of what may be written; of a schema that has none, one that takes anything. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  try {
    const { $schema: _, ...rest } = z.toJSONSchema(strict(schema), {
      io: 'input',
      unrepresentable: 'any',
    })
    return rest
  } catch {
    return {}
  }
}
