// Which control a schema gets: by what plugin authors write with zod.
import { expect, test } from 'vitest'
import { z } from '#sdk'
import { controlOf, initialOf, type JsonSchema, resolved, variantOf } from './fields.ts'

const schemaOf = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' })
const control = (schema: z.ZodType) => controlOf(schemaOf(schema), schemaOf(schema))

test('numbers keep their limits; the largest of all is none', () => {
  expect(control(z.int().min(1))).toEqual({
    kind: 'number',
    isInteger: true,
    min: 1,
    max: undefined,
    isOpen: false,
  })
  expect(control(z.number().gt(0).lt(1))).toMatchObject({ min: 0, max: 1, isOpen: true })
})

test('choices, flags, texts, lists, records, groups', () => {
  expect(control(z.enum(['a', 'b']))).toEqual({ kind: 'choice', choices: ['a', 'b'] })
  expect(control(z.boolean())).toEqual({ kind: 'boolean' })
  expect(control(z.string().nullable())).toEqual({ kind: 'text' })
  expect(control(z.array(z.int()))).toMatchObject({ kind: 'list', item: { type: 'integer' } })
  expect(control(z.record(z.string(), z.number()))).toMatchObject({ kind: 'record' })
  expect(control(z.object({ a: z.int(), b: z.int().optional() }))).toMatchObject({
    kind: 'group',
    entries: [
      { key: 'a', isRequired: true },
      { key: 'b', isRequired: false },
    ],
  })
  expect(control(z.unknown())).toEqual({ kind: 'any' })
  expect(control(z.union([z.literal('auto'), z.number()]))).toMatchObject({ kind: 'variants' })
})

const root = {
  anyOf: [
    { enum: ['gpt', 'mlp'] },
    {
      description: 'Text',
      properties: { name: { const: 'gpt' }, config: { $ref: '#/$defs/model:gpt' } },
    },
    { description: 'Rows', properties: { name: { const: 'mlp' }, config: { type: 'object' } } },
  ],
  $defs: { 'model:gpt': { type: 'object', properties: { layers: { type: 'integer' } } } },
}

test('a component is chosen by name, with settings as far as they are known', () => {
  expect(controlOf(root, root)).toEqual({
    kind: 'component',
    choices: [
      { name: 'gpt', description: 'Text', config: { $ref: '#/$defs/model:gpt' } },
      { name: 'mlp', description: 'Rows', config: undefined },
    ],
  })
  expect(resolved({ $ref: '#/$defs/model%3Agpt', description: 'own' }, root)).toEqual({
    type: 'object',
    properties: { layers: { type: 'integer' } },
    description: 'own',
  })
})

test('a reference into itself, or to nothing, ends', () => {
  expect(resolved({ $ref: '#/$defs/a' }, { $defs: { a: { $ref: '#/$defs/a' } } })).toBeDefined()
  expect(controlOf(resolved({ $ref: '#/nowhere' }, {}), {})).toEqual({ kind: 'any' })
})

test('the variant of a value, and what one begins with', () => {
  const { anyOf } = schemaOf(
    z.union([
      z.literal('auto'),
      z.number().min(2),
      z.object({ by: z.string() }),
      z.array(z.string()),
    ]),
  ) as { anyOf: JsonSchema[] }
  const values = ['auto', 3, { by: 'x' }, ['a']]
  expect(values.map((value) => variantOf(anyOf, value, {}))).toEqual([0, 1, 2, 3])
  expect(anyOf.map((each) => initialOf(each, {}))).toEqual(['auto', 2, { by: '' }, []])
})
