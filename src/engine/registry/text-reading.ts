// What is known of a preprocessor before it is made: its settings, and which columns of text it reads by them.
import { componentOf, type ComponentRef, EngineError } from '#sdk'
import { inWords } from '../in-words.ts'
import type { Creator } from './creator.ts'
import type { ComponentPlace } from './references.ts'

/** `tokenized` is undefined of a preprocessor that does not say. */
export interface TextReading {
  readonly settings: unknown
  readonly tokenized: readonly string[] | undefined
}

/** Its config has been checked by now. Throws `contribution.contract` where `tokenizes` gives no names. */
export function textReading(
  creator: Pick<Creator, 'find'>,
  ref: ComponentRef,
  place: ComponentPlace,
): TextReading {
  const { name, plugin, schema, tokenizes } = creator.find('preprocessor', ref, place)
  const settings = schema.parse(componentOf(ref).config)
  const tokenized: unknown = tokenizes?.(settings)
  if (tokenized === undefined || isNames(tokenized)) return { settings, tokenized }
  throw new EngineError({
    code: 'contribution.contract',
    plugin,
    message: `tokenizes() of preprocessor ${name} gave ${inWords(tokenized)}, not the names of columns`,
    hint: 'return a list of names: [config.column]',
  })
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string')
