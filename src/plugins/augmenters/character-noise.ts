// Character noise: typing errors in training texts, others in each epoch.
import { type AugmentArgs, plugin, type Random, type Table, textsIn, z } from 'plugboard'

const ERRORS = ['swap', 'drop', 'double', 'replace'] as const

const config = z.strictObject({
  column: z.string().default('text').describe('column of text to change'),
  probability: z.number().min(0).max(1).default(0.02).describe('of each character, to go wrong'),
  errors: z
    .array(z.enum(ERRORS))
    .min(1)
    .default([...ERRORS])
    .describe(
      'swap with the next one, drop, double, or replace by another character of the same text',
    ),
})

type NoiseConfig = z.output<typeof config>

function mistype(text: string, { probability, errors }: NoiseConfig, random: Random): string {
  const characters = Array.from(text)
  const typed: string[] = []
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!
    if (random.next() >= probability) {
      typed.push(character)
      continue
    }
    const error = errors[random.int(errors.length)]!
    if (error === 'double') typed.push(character, character)
    if (error === 'replace') typed.push(characters[random.int(characters.length)]!)
    if (error !== 'swap') continue
    const next = characters[++i]
    typed.push(...(next === undefined ? [character] : [next, character]))
  }
  // No text becomes empty.
  return typed.length > 0 ? typed.join('') : text
}

export default class CharacterNoise extends plugin({
  manifest: {
    name: 'character_noise',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Typing errors in training texts, others in each epoch',
    tags: ['text'],
    provides: ['augmenter/character_noise'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'augmenter',
      'character_noise',
      (options) => ({
        augment(table: Table, { training, random }: AugmentArgs): Table {
          const { column } = options
          const texts = textsIn(table, column, 'character_noise')
          if (!training) return table
          const data = texts.data.map((text) => mistype(text, options, random))
          return { ...table, columns: { ...table.columns, [column]: { ...texts, data } } }
        },
      }),
      { config, description: 'texts with typing errors' },
    )
  }
}
