// Tokenizers against stored results of trusted ones, and what must hold for all of them.
import { createRandom, type PluginClass, type Tokenizer } from 'plugboard'
import { describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import reference from '../testing/tokenizers.json' with { type: 'json' }
import bpe from './bpe.ts'
import byte from './byte.ts'
import char from './char.ts'
import wordPiece from './word-piece.ts'

const create = async (Plugin: PluginClass, name: string, config: unknown = {}) =>
  (await initialize(Plugin as never)).create('tokenizer', name, config, { create: never })
const never = (): never => {
  throw new Error('a tokenizer has no parts')
}

const { text, samples } = reference

test('bpe learns the merges of the reference, and encodes as it does', async () => {
  const tokenizer = await create(bpe, 'bpe', { vocab_size: reference.bpe.vocab_size + 1 })
  tokenizer.fit([text])
  expect(tokenizer.save!()).toEqual(reference.bpe.merges)
  expect(samples.map((sample) => tokenizer.encode(sample))).toEqual(reference.bpe.ids)
  expect(tokenizer.vocabSize).toBe(reference.bpe.vocab_size + 1)
})

test('word_piece learns the tokens of the reference, and encodes as it does', async () => {
  const { vocab_size, tokens, ids } = reference.word_piece
  const tokenizer = await create(wordPiece, 'word_piece', { vocab_size })
  tokenizer.fit([text])
  expect(tokenizer.save!()).toEqual(tokens)
  expect(samples.map((sample) => tokenizer.encode(sample))).toEqual(ids)
  expect(tokenizer.special).toEqual({ pad: 0, cls: 2, sep: 3, mask: 4 })
})

test('word_piece gives words back, without what they were made of', async () => {
  const tokenizer = await create(wordPiece, 'word_piece', { vocab_size: 400 })
  tokenizer.fit([text])
  const ids = tokenizer.encode('Call  me\nIshmaél, 鯨!')
  expect(tokenizer.decode([2, ...ids, 3, 0, 0])).toBe('call me ishmael , � !')
})

/** Any text there is: letters, signs, spaces, marks of order, and characters of two units. */
function wildTexts(count: number): string[] {
  const random = createRandom(11)
  const alphabets = [
    'abcé \n\t',
    ' \u00A0\u3000\r\n',
    '0123½٣',
    `.,!'"#-_`,
    '鯨🐋👩‍👩‍👧\uFEFF\u200D',
    "it's we'll ",
  ]
  return Array.from({ length: count }, () =>
    Array.from({ length: random.int(30) }, () => {
      const letters = Array.from(alphabets[random.int(alphabets.length)]!)
      return letters[random.int(letters.length)]!
    }).join(''),
  )
}

const wild = wildTexts(200)

const lossless = [
  ['byte', byte, {}],
  ['bpe', bpe, { vocab_size: 400 }],
  ['char', char, {}],
] as const

describe.each(lossless)('%s', (name, Plugin, config) => {
  const fitted = async (): Promise<Tokenizer> => {
    const tokenizer = await create(Plugin, name, config)
    // Characters that were not seen are lost to `char`, to no other.
    tokenizer.fit(name === 'char' ? [text, ...wild] : [text])
    return tokenizer
  }

  test('decodes what it encodes, whatever the text', async () => {
    const tokenizer = await fitted()
    for (const each of [...wild, text, '', 'a'.repeat(5000)])
      expect(tokenizer.decode(tokenizer.encode(each))).toBe(each)
  })

  test('gives ids below its vocabulary, and no boundary in a text', async () => {
    const tokenizer = await fitted()
    const ids = tokenizer.encode(text)
    expect(Math.max(...ids)).toBeLessThan(tokenizer.vocabSize)
    expect(ids).not.toContain(tokenizer.boundary)
    expect(
      tokenizer.decode([tokenizer.boundary, ...tokenizer.encode('ab'), tokenizer.boundary]),
    ).toBe('ab')
  })
})

const learning = [...lossless.slice(1), ['word_piece', wordPiece, { vocab_size: 300 }]] as const

test.each(learning)('%s goes on from what was saved as it was', async (name, Plugin, config) => {
  const [first, second] = [await create(Plugin, name, config), await create(Plugin, name, config)]
  first.fit([text])
  second.load!(structuredClone(first.save!()) as never)
  expect(second.vocabSize).toBe(first.vocabSize)
  expect(second.encode(text)).toEqual(first.encode(text))
  expect(second.decode(first.encode(text))).toBe(first.decode(first.encode(text)))
})

test('a text of one endless word is learned from and encoded without end', async () => {
  const tokenizer = await create(bpe, 'bpe', { vocab_size: 300 })
  const endless = 'ab'.repeat(50_000)
  tokenizer.fit([endless])
  expect(tokenizer.decode(tokenizer.encode(endless))).toBe(endless)
})

test('no text at all leaves bytes, or special tokens', async () => {
  const pairs = await create(bpe, 'bpe')
  pairs.fit([])
  expect(pairs.vocabSize).toBe(257)
  const pieces = await create(wordPiece, 'word_piece')
  pieces.fit(['', '  '])
  expect(pieces.vocabSize).toBe(5)
  expect(pieces.encode('word')).toEqual([1])
})
