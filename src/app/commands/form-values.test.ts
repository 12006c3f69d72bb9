// Forms of commands: what is in the fields at first, and what is sent.
import { expect, test } from 'vitest'
import { z } from '#sdk'
import { fieldsOf } from '#workspace'
import { argumentsOf, initialTexts } from './form-values.ts'

const fields = fieldsOf(
  z.toJSONSchema(
    z.object({
      name: z.string(),
      greeting: z.string().default('hello'),
      times: z.int().default(2),
      mood: z.enum(['happy', 'sad']).default('sad'),
      side: z.union([z.literal(1), z.literal('left')]).optional(),
      loud: z.boolean(),
      polite: z.boolean().optional(),
      tags: z.array(z.string()).default(['a', 'b']),
    }),
    { io: 'input' },
  ),
)

test('[K08] a form begins with the defaults, which need not be sent', () => {
  const texts = initialTexts(fields)
  expect(texts).toEqual({
    name: '',
    greeting: 'hello',
    times: '2',
    mood: '1',
    side: '',
    loud: 'false',
    polite: '',
    tags: '[ a, b ]',
  })
  expect(argumentsOf(fields, texts)).toEqual({
    args: { loud: false },
    problems: {},
  })
  expect(argumentsOf(fields, { ...texts, mood: '0', tags: '[a]' }).args).toEqual({
    loud: false,
    mood: 'happy',
    tags: ['a'],
  })
})

test('[K08] texts stay texts, the rest is typed; what means nothing is a problem of its field', () => {
  const { args, problems } = argumentsOf(fields, {
    name: '007',
    greeting: '',
    times: 'x',
    mood: '0',
    side: '0',
    loud: 'true',
    polite: '1',
    tags: '[a',
  })
  // Whether a text will do as a number is the engine's to judge.
  expect(args).toEqual({
    name: '007',
    greeting: '',
    times: 'x',
    mood: 'happy',
    side: 1,
    loud: true,
    polite: false,
  })
  expect(problems).toEqual({ tags: expect.stringMatching(/^This is no YAML: /) })
})
