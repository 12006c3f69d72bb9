// Model graphs as texts: read and written they are the same, and what was built is a file again.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createRandom, graphYaml, type GraphSpec, type Random } from '#sdk'
import { type GraphFile, parseGraph } from './graph-file.ts'
import { textWith } from './graph-text.ts'

const read = (text: string): GraphFile => {
  const { file, problems } = parseGraph('models/net.yaml', text)
  expect(problems.map(({ message }) => message)).toEqual([])
  return file!
}

/** All of a graph but the places of its parts. */
const meaning = ({ value, inputs, nodes }: GraphFile) => ({ value, inputs: [...inputs], nodes })

const stored = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('[G11] a graph that is written out and read again is the same', () => {
  test.each([
    'examples/tour-arc/models/reader.yaml',
    'src/workspace/templates/models/my_graph.yaml',
  ])('%s', (path) => {
    const file = read(stored(path))
    expect(meaning(read(graphYaml(file.value)))).toEqual(meaning(file))
  })

  const head: GraphSpec = {
    description: 'made: by code # all of "it"',
    version: '2.0.1',
    inputs: { x: { shape: [null, 3], dtype: 'float32' }, y: null },
    config: {
      units: { type: 'int', default: 3, min: 1, required: false },
      rate: 1e-7,
      name: 'yes',
      on: true,
      list: [1, null, -Infinity],
    },
    nodes: [
      { name: 'wide', layer: 'acme.dense', config: { units: '$units', as: '$$x' }, inputs: ['x'] },
      {
        name: 'blocks',
        repeat: '$units',
        nodes: [
          { name: 'in1', layer: 'tanh' },
          {
            name: 'inner',
            nodes: [{ name: 'deep', layer: 'sum', inputs: ['input', 'wide'] }],
            repeat: 2,
          },
        ],
      },
    ],
    outputs: { logits: 'blocks', 'odd name': 'wide' },
  }

  test('one that code made', () => {
    const { value } = read(graphYaml(head))
    expect(value).toEqual(head)
    expect(
      graphYaml({ inputs: ['x'], nodes: [{ name: 'a', layer: 'b' }], outputs: { o: 'a' } }),
    ).toBe('inputs: [x]\nnodes:\n  - { name: a, layer: b }\noutputs: { o: a }\n')
  })

  const texts = [
    '',
    ' ',
    'no',
    'Null',
    '~',
    '1',
    '1.5e3',
    '0x1f',
    'a: b',
    'a #b',
    '- a',
    '[a]',
    "it's",
    '"',
    '\\',
    'é ü',
    'a\nb',
    '&a',
    '*a',
    '!t',
    'a ',
    '%',
    '@',
    '`',
    '{',
    '.inf',
    '2026-01-01',
    '<<',
    'a,b',
    '\u0085',
    '\ud83d\ude00',
  ]
  const valueOf = (random: Random, depth: number): unknown => {
    const kind = random.int(depth > 3 ? 4 : 6)
    if (kind === 0) return texts[random.int(texts.length)]
    if (kind === 1) return random.normal() * 10 ** (random.int(40) - 20)
    if (kind === 2) return random.int(1000) - 500
    if (kind === 3) return [true, false, null][random.int(3)]
    const list = Array.from({ length: random.int(4) }, () => valueOf(random, depth + 1))
    if (kind === 4) return list
    return Object.fromEntries(list.map((each) => [texts[random.int(texts.length)], each]))
  }

  test('whatever settings its layers have', () => {
    const random = createRandom(4)
    for (let i = 0; i < 100; i++) {
      const config = { value: valueOf(random, 0), other: valueOf(random, 0) }
      const spec: GraphSpec = {
        ...head,
        nodes: [{ name: 'a', layer: 'b', config, inputs: ['x'] }],
        outputs: { o: 'a' },
      }
      expect(read(graphYaml(spec)).value.nodes[0]!.config).toEqual(config)
    }
  })
})

describe('[G11] what was built, as a file', () => {
  const text = `# A small one.
inputs: [x]
config:
  units: { type: int, default: 3, min: 1 } # of each
  depth: 2 # blocks
  sizes: [1, 2]
  must: { type: string, required: true }
nodes:
  # First of all.
  - { name: a, layer: dense,   config: { units: $units } }
outputs: { o: a }
`
  const config = { units: 3, depth: 2, sizes: [1, 2], must: 'be' }

  test('keeps its comments, and says the settings that it was built with', () => {
    const built = textWith(read(text), { ...config, units: 8, depth: 1, sizes: [4] })
    expect(built).toContain('# A small one.\n')
    expect(built).toContain('  units: { type: int, default: 8, min: 1 } # of each\n')
    expect(built).toContain('  depth: 1 # blocks\n')
    expect(built).toContain('  # First of all.\n')
    const again = read(built)
    expect(again.schema.parse({})).toEqual({ units: 8, depth: 1, sizes: [4], must: 'be' })
    expect(again.value.nodes).toEqual(read(text).value.nodes)
  })

  test('is the text itself where nothing was set', () => {
    const plain = text.replace(/ {2}must.*\n/, '')
    const { must: _, ...rest } = config
    expect(textWith(read(plain), rest)).toBe(plain)
  })

  test('has each setting its own value, where aliases gave several the same', () => {
    const shared = text
      .replace('depth: 2 # blocks', 'depth: *n')
      .replace('{ type: int, default: 3', '&n { type: int, default: 3')
    const again = read(textWith(read(shared), { ...config, units: 8, depth: 3 }))
    expect(again.schema.parse({})).toMatchObject({ units: 8, depth: 3, must: 'be' })
  })
})
