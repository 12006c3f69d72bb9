// Commands as lines of text: arguments read by their schema, written so that they are read back, described.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CommandInfo, z } from '#sdk'
import { parseArguments } from './arguments.ts'
import { describeCommand, usageOf } from './describe.ts'
import { fieldsOf } from './fields.ts'
import { lineOf, wordsOf } from './line.ts'
import { jsonText, resultText } from './result.ts'

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' })

const greet: CommandInfo = {
  name: 'greet',
  title: 'Greet',
  description: 'says hello',
  plugin: 'p',
  args: jsonSchema(
    z.object({
      name: z.string().describe('who'),
      times: z.int().min(1).max(9).default(2),
      mood: z.enum(['happy', 'sad']).default('happy'),
      loud: z.boolean().optional(),
      tags: z.array(z.string()).default([]),
    }),
  ),
}

const argsOf = (line: string, { args }: CommandInfo = greet) =>
  parseArguments(
    wordsOf(line)
      .slice(1)
      .map(({ text }) => text),
    args,
  )

test('[K08] a line is read as its command says: texts as texts, all else as YAML', () => {
  expect(argsOf('greet name=Ada times=3 loud=true tags=[a, b] mood=sad')).toEqual({
    name: 'Ada',
    times: 3,
    loud: true,
    tags: ['a', 'b'],
    mood: 'sad',
  })
  expect(argsOf(`greet name="Ada Lovelace"`)).toEqual({ name: 'Ada Lovelace' })
  expect(argsOf(`greet name='it''s me'`)).toEqual({ name: "it's me" })
  expect(argsOf('greet name=007')).toEqual({ name: '007' })
  expect(argsOf("greet name=it's a=b")).toEqual({ name: "it's", a: 'b' })
  expect(argsOf('greet name= times="3"')).toEqual({ name: '', times: '3' })
  expect(argsOf('greet name=[x] more={ a: 1, b: [2, "}"] }')).toEqual({
    name: '[x]',
    more: { a: 1, b: [2, '}'] },
  })
})

test.each([
  ['greet Ada', "An argument is written key=value, such as times=3; 'Ada' is not."],
  ['greet name=Ada name=Eve', "The argument 'name' is given twice."],
  ['greet times={', /^The argument 'times': /],
  ['greet name="Ada', /^The argument 'name': /],
])('%s is no line: %s', (line, message) => {
  expect(() => argsOf(line)).toThrow(message)
})

test('words keep where they begin', () => {
  expect(wordsOf('  a b="c d"  e')).toEqual([
    { text: 'a', start: 2 },
    { text: 'b="c d"', start: 4 },
    { text: 'e', start: 13 },
  ])
})

test('arguments written as a line are read back as they were', () => {
  const plain = fc.jsonValue()
  fc.assert(
    fc.property(
      fc.record({ name: fc.string(), times: plain, tags: fc.array(fc.string()), x: plain }),
      (args) => {
        // JSON has one zero.
        const written = JSON.parse(JSON.stringify(args)) as Record<string, unknown>
        expect(argsOf(lineOf('greet', written, greet.args))).toEqual(written)
      },
    ),
  )
})

test('[K08] arguments are told by kind, limits, default and need', () => {
  expect(usageOf(greet)).toBe(
    'greet name=<text> [times=2] [mood=happy] [loud=<true or false>] [tags=[]]',
  )
  expect(describeCommand(greet)).toEqual([
    usageOf(greet),
    '  Greet: says hello',
    '    name   text · who',
    '    times  whole number, 1 to 9',
    '    mood   happy or sad',
    '    loud   true or false',
    '    tags   YAML',
  ])
  const limited = { ...greet, args: jsonSchema(z.object({ n: z.number().min(0).max(1) })) }
  expect(usageOf(limited)).toBe('greet n=<number, 0 to 1>')
})

test('arguments of schemas that are no plain object', () => {
  const names = (schema: z.ZodType) =>
    fieldsOf(jsonSchema(schema)).map(({ name, type, isRequired }) => [name, type, isRequired])
  const either = z.discriminatedUnion('by', [
    z.object({ by: z.literal('step'), at: z.int() }),
    z.object({ by: z.literal('name'), name: z.string() }),
  ])
  expect(names(either)).toEqual([
    ['by', 'choice', true],
    ['at', 'integer', false],
    ['name', 'text', false],
  ])
  expect(
    names(z.intersection(z.object({ a: z.string() }), z.object({ b: z.any().optional() }))),
  ).toEqual([
    ['a', 'text', true],
    ['b', 'data', false],
  ])
  const side = z.union([z.literal('left'), z.literal(2)]).meta({ id: 'side' })
  expect(names(z.object({ from: side, to: side, or: z.string().nullable() }))).toEqual([
    ['from', 'choice', true],
    ['to', 'choice', true],
    ['or', 'data', true],
  ])
  expect(fieldsOf(undefined)).toEqual([])
  expect(fieldsOf({ properties: [1], required: 'x' })).toEqual([])
})

test('results read as text and as JSON', () => {
  expect(resultText('two\nlines')).toBe('two\nlines')
  expect(resultText(undefined)).toBe('')
  expect(resultText({ a: 1, b: [NaN, 2n], c: new Float32Array([0.5]) })).toBe(
    '{"a":1,"b":["NaN","2"],"c":[0.5]}',
  )
  const long = 'x'.repeat(80)
  expect(resultText({ a: [1, 2], b: [{ c: long }, null] })).toBe(
    `{\n  "a": [1,2],\n  "b": [\n    {\n      "c": "${long}"\n    },\n    null\n  ]\n}`,
  )
  expect(jsonText(undefined)).toBe('null')
})
