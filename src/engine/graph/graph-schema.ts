// What may be written in models/*.yaml: a model as a graph of layers.
import { z } from '#sdk'
import { defaultsSchema } from '../config/index.ts'

const NODE_NAME = /^[A-Za-z]\w*$/
/** Most times that a node may be repeated, and nodes that a graph may come to. */
const MAX_REPEAT = 200
export const MAX_NODES = 1000

const nodeName = z
  .string()
  .max(100)
  .regex(NODE_NAME, 'a node is named by letters, digits and "_", a letter first')

const nodeSchema = z.strictObject({
  name: nodeName.describe('its parameters are named by it: `<name>.weight`'),
  layer: z.string().min(1).optional().describe('a layer by name'),
  config: z.record(z.string(), z.unknown()).optional().describe("the layer's own settings"),
  inputs: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('nodes or columns that it takes; without it, the node before'),
  repeat: z
    .union([z.int().min(1).max(MAX_REPEAT), z.string().regex(/^\$\w+$/)])
    .optional()
    .describe('so many of them, one after the other; each takes what the one before gives'),
  get nodes() {
    return z
      .array(nodeSchema)
      .min(1)
      .optional()
      .describe(
        'a block, in place of `layer`: `input` is what it takes, its last node what it gives',
      )
  },
})

const inputSchema = z.strictObject({
  shape: z
    .array(z.int().min(0).nullable())
    .optional()
    .describe('sizes without the batch axis; null for any'),
  dtype: z.enum(['float32', 'int32']).optional(),
})

export const graphSchema = z.strictObject({
  description: z.string().max(1000).default('').describe('one sentence for lists'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version has the form 1.2.3')
    .default('1.0.0'),
  inputs: z
    .union([z.array(z.string()).min(1), z.record(z.string(), inputSchema.nullable())])
    .describe('columns of the batch that it reads; as a map, with the form they must have'),
  config: defaultsSchema
    .default({})
    .describe('its settings with their defaults; `$name` stands for one of them'),
  nodes: z.array(nodeSchema).min(1).max(MAX_NODES).describe('layers, in any order'),
  outputs: z
    .record(z.string(), z.string())
    .describe('what the model gives, by name: `logits: head`'),
})

export type GraphValue = z.output<typeof graphSchema>
export type NodeValue = z.output<typeof nodeSchema>
export type InputForm = z.output<typeof inputSchema>
