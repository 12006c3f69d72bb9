// Augmenters: what they change, how much of it, and that the seed decides.
import {
  type Column,
  createRandom,
  type NumberColumn,
  numbersIn,
  type PluginInstance,
  type Table,
  textsIn,
} from 'plugboard'
import { describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import characterNoise from './character-noise.ts'
import imageNoise from './image-noise.ts'
import imageWarp from './image-warp.ts'
import synonyms from './synonyms.ts'
import tableJitter from './table-jitter.ts'

const table = (columns: Record<string, Column>, length: number): Table => ({ length, columns })
const upTo = (length: number) => Array.from({ length }, (_, i) => i)
const numbers = (data: NumberColumn['data'], shape: number[] = []): NumberColumn => ({
  type: 'number',
  data,
  shape,
  dtype: 'float32',
})

async function augment<P extends PluginInstance>(
  plugin: new (init: never) => P,
  name: string,
  from: Table,
  config: unknown = {},
  { seed = 1, training = true } = {},
): Promise<Table> {
  const augmenter = (await initialize(plugin)).create('augmenter', name, config, {})
  const { signal } = new AbortController()
  return await augmenter.augment(from, { training, random: createRandom(seed), epoch: 1, signal })
}

const image = () => {
  const data = new Uint8Array(25)
  data[12] = 200
  return table({ image: numbers(data, [5, 5, 1]) }, 1)
}

test.each([
  ['character_noise', characterNoise, {}],
  ['synonyms', synonyms, { probability: 1 }],
  ['table_jitter', tableJitter, { columns: ['n'] }],
  ['image_warp', imageWarp, {}],
  ['image_noise', imageNoise, {}],
] as const)(
  '%s draws by the seed, leaves what it is given, and only looks outside of training',
  async (name, plugin, config) => {
    const make = () => {
      const words = upTo(60).map(() => 'a big house and a quick answer to a small child')
      const n = numbers(Float32Array.from(upTo(60)))
      const pixels = numbers(
        Uint8Array.from(upTo(60 * 25), (i) => (i * 37) % 256),
        [5, 5, 1],
      )
      return table({ text: { type: 'text', data: words }, n, image: pixels }, 60)
    }
    const given = make()
    const of = (seed: number, training = true) =>
      augment<PluginInstance>(plugin, name, given, config, { seed, training })
    const made = await of(1)
    expect(given).toEqual(make())
    expect(made).not.toEqual(given)
    expect(await of(1)).toEqual(made)
    expect(await of(2)).not.toEqual(made)
    expect(await of(1, false)).toBe(given)
  },
)

describe('character_noise', () => {
  const mistype = async (text: string, config: object) =>
    textsIn(
      await augment(
        characterNoise,
        'character_noise',
        table({ text: { type: 'text', data: [text] } }, 1),
        config,
      ),
      'text',
      'test',
    ).data[0]!

  test.each([
    ['swap', 'badce'],
    ['double', 'aabbccddee'],
    ['drop', 'abcde'],
  ])('%s', async (error, wanted) => {
    // A text of which nothing is left stays.
    expect(await mistype('abcde', { probability: 1, errors: [error] })).toBe(wanted)
  })

  test('changes the share it is told, in whole characters', async () => {
    const long = '😀é'.repeat(2000)
    const made = await mistype(long, { probability: 0.1, errors: ['drop'] })
    expect(Array.from(made).length / 4000).toBeCloseTo(0.9, 1)
    expect(() => encodeURIComponent(made)).not.toThrow()
    expect(await mistype(long, { probability: 0 })).toBe(long)
    const replaced = await mistype('ab'.repeat(500), { probability: 1, errors: ['replace'] })
    expect([replaced.length, /^[ab]+$/.test(replaced)]).toEqual([1000, true])
  })
})

describe('synonyms', () => {
  const reword = async (text: string, config: object) =>
    textsIn(
      await augment(
        synonyms,
        'synonyms',
        table({ text: { type: 'text', data: [text] } }, 1),
        config,
      ),
      'text',
      'test',
    ).data[0]!

  test('take groups of the settings, keep capitals, and leave other words and marks', async () => {
    const config = { probability: 1, built_in: false, groups: [['mail', 'Letter']] }
    expect(await reword('Mail, a MAIL or e-mail; big.', config)).toBe(
      'Letter, a LETTER or e-letter; big.',
    )
    expect(await reword('A big film', { probability: 1 })).toMatch(/^A (large|huge) movie$/)
  })

  test('replace the share they are told', async () => {
    const made = await reword('film '.repeat(2000), { probability: 0.25 })
    expect((made.match(/movie/g) ?? []).length / 2000).toBeCloseTo(0.25, 1)
  })
})

test('table_jitter adds noise by the deviation of each place, and leaves gaps', async () => {
  const data = Float32Array.from(upTo(4000), (i) => (i % 2 === 0 ? 100 * (i % 4) : NaN))
  const from = table({ n: numbers(data, [2]), k: numbers(new Float32Array(2000).fill(7)) }, 2000)
  const config = { columns: ['n', 'k'], share: 0.5 }
  const made = await augment(tableJitter, 'table_jitter', from, config)
  const noise = Array.from(numbersIn(made, 'n', 'test').data, (value, i) => value - data[i]!)
  const first = noise.filter((_, i) => i % 2 === 0)
  const deviation = Math.sqrt(first.reduce((sum, value) => sum + value ** 2, 0) / first.length)
  // Of 0 and 200, equally often, the deviation is 100.
  expect(deviation / 50).toBeCloseTo(1, 1)
  expect(noise.filter((_, i) => i % 2 === 1).every(Number.isNaN)).toBe(true)
  // What never changes gets no noise.
  expect(new Set(numbersIn(made, 'k', 'test').data)).toEqual(new Set([7]))
})

describe('image_warp', () => {
  const still = { shift: 0, rotate: 0, zoom: 0 }
  const warp = async (config: object, seed = 1) =>
    numbersIn(
      await augment(imageWarp, 'image_warp', image(), { ...still, ...config }, { seed }),
      'image',
      'test',
    ).data

  test('moves nothing when told so, and keeps the type of the data', async () => {
    expect(await warp({})).toEqual(image().columns['image']!.data)
  })

  test('shifts ink, and loses none while it stays inside', async () => {
    for (const seed of upTo(20)) {
      const made = await warp({ shift: 1 }, seed)
      const sum = Array.from(made).reduce((a, b) => a + b, 0)
      expect(Math.abs(sum - 200)).toBeLessThanOrEqual(2)
    }
    const places = new Set(
      await Promise.all(upTo(20).map(async (seed) => String(await warp({ shift: 1 }, seed)))),
    )
    expect(places.size).toBe(20)
  })

  test('turns about the middle: the middle stays, the corners come round', async () => {
    const data = new Float32Array(25)
    data[12] = 1
    data[0] = 1
    const from = table({ image: numbers(data, [5, 5, 1]) }, 1)
    const angles = await Promise.all(
      upTo(30).map(async (seed) => {
        const made = await augment(
          imageWarp,
          'image_warp',
          from,
          { ...still, rotate: 180 },
          { seed },
        )
        const pixels = numbersIn(made, 'image', 'test').data
        expect(pixels[12]).toBeCloseTo(1, 1)
        const [best] = upTo(25)
          .filter((i) => i !== 12)
          .toSorted((a, b) => pixels[b]! - pixels[a]!)
        return Math.hypot(Math.floor(best! / 5) - 2, (best! % 5) - 2)
      }),
    )
    for (const distance of angles) expect(distance).toBeGreaterThanOrEqual(2)
  })

  test('mirrors half of the images', async () => {
    const data = Uint8Array.from(upTo(200 * 3), (i) => (i % 3) * 50)
    const from = table({ image: numbers(data, [1, 3, 1]) }, 200)
    const made = await augment(imageWarp, 'image_warp', from, { ...still, flip: true })
    const pixels = numbersIn(made, 'image', 'test').data
    const rows = upTo(200).map((row) => String([...pixels.subarray(3 * row, 3 * row + 3)]))
    expect(new Set(rows)).toEqual(new Set(['0,50,100', '100,50,0']))
    const mirrored = rows.filter((row) => row === '100,50,0').length
    expect(Math.abs(mirrored - 100)).toBeLessThan(30)
  })

  test('keeps colours together, and refuses what is no image', async () => {
    const data = Uint8Array.from(upTo(5 * 5 * 3), (i) => (i % 3 === 0 ? 90 : 0))
    const from = table({ image: numbers(data, [5, 5, 3]) }, 1)
    const made = await augment(imageWarp, 'image_warp', from, { shift: 1, rotate: 20 })
    const pixels = [...numbersIn(made, 'image', 'test').data]
    expect(pixels.some((value, i) => i % 3 === 0 && value > 0)).toBe(true)
    expect(pixels.every((value, i) => i % 3 === 0 || value === 0)).toBe(true)
    const flat = table({ image: numbers(new Float32Array(4), [4]) }, 1)
    await expect(augment(imageWarp, 'image_warp', flat)).rejects.toThrow(
      "image_warp changes images [height, width, channels], but rows of 'image' have the shape [4]",
    )
  })
})

test('image_noise stays within what the column can hold, with the deviation it is told', async () => {
  const grey = table({ image: numbers(new Uint8Array(5000).fill(128), [10, 10, 1]) }, 50)
  const { data } = numbersIn(
    await augment(imageNoise, 'image_noise', grey, { deviation: 0.1 }),
    'image',
    'test',
  )
  const squares = Array.from(data).reduce((sum, value) => sum + (value - 128) ** 2, 0)
  expect(Math.sqrt(squares / 5000) / 25.5).toBeCloseTo(1, 1)
  const light = table({ image: numbers(new Float32Array(100).fill(1), [10, 10, 1]) }, 1)
  const noisy = numbersIn(await augment(imageNoise, 'image_noise', light), 'image', 'test').data
  expect(Math.max(...noisy)).toBe(1)
  expect(Math.min(...noisy)).toBeLessThan(1)
})
