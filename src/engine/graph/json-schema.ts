// The JSON schema of models/*.yaml, with all layers and their settings.
import { type JsonSchema, jsonSchemaOf, moved, type Named } from '../config/index.ts'
import { graphSchema } from './graph-schema.ts'

export function graphJsonSchema(layers: readonly Named[]): JsonSchema {
  const root = structuredClone(jsonSchemaOf(graphSchema))
  const defs = (root.$defs ??= {})
  // A node may hold nodes: its schema is one of the definitions.
  const node = Object.values(defs).find(({ properties }) => properties && 'layer' in properties)!
  const { layer } = node.properties as Record<string, JsonSchema>
  layer!.anyOf = layers.map(({ name, description }) => ({ const: name, description }))
  node.allOf = layers.flatMap(({ name, config }) => {
    if (!config) return []
    const key = `layer:${name}`
    const pointer = `#/$defs/${encodeURIComponent(key)}`
    defs[key] = moved(config, pointer)
    return [
      {
        if: { properties: { layer: { const: name } }, required: ['layer'] },
        // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON schema
        then: { properties: { config: { $ref: pointer } } },
      },
    ]
  })
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...root }
}
