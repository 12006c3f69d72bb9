// Completion in the console: names, then arguments that are not there yet, then values.
import { expect, test } from 'vitest'
import { type CommandInfo, z } from '#sdk'
import { complete } from './complete.ts'

const command = (name: string, args: z.ZodType): CommandInfo => ({
  name,
  title: name.toUpperCase(),
  description: '',
  plugin: 'p',
  args: z.toJSONSchema(args, { io: 'input' }),
})

const commands = [
  command(
    'greet',
    z.object({
      name: z.string().describe('who'),
      mood: z.enum(['happy', 'sad']).default('sad'),
      loud: z.boolean().optional(),
    }),
  ),
  command('grow', z.object({})),
]

const texts = (line: string, cursor = line.length) =>
  complete(line, cursor, commands).options.map(({ text }) => text)

test('[K08] completes names of commands', () => {
  expect(texts('')).toEqual(['greet', 'grow', 'help', 'clear'])
  expect(texts('GR')).toEqual(['greet', 'grow'])
  expect(texts('help g')).toEqual(['greet', 'grow'])
  expect(texts('nothing ')).toEqual([])
})

test('[K08] completes arguments that were not given, and tells what they are', () => {
  expect(texts('greet ')).toEqual(['name=', 'mood=', 'loud='])
  expect(texts('greet name="A b" ')).toEqual(['mood=', 'loud='])
  expect(texts('greet na mood=sad', 8)).toEqual(['name='])
  expect(complete('greet n', 7, commands)).toMatchObject({
    start: 6,
    options: [{ detail: 'text · who' }],
  })
})

test('[K08] completes values that are known', () => {
  expect(texts('greet mood=')).toEqual(['mood=happy', 'mood=sad'])
  expect(texts('greet mood=h')).toEqual(['mood=happy'])
  expect(texts('greet loud=')).toEqual(['loud=true', 'loud=false'])
  expect(texts('greet name=A')).toEqual([])
})
