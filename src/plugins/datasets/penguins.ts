// Penguins of the Palmer Archipelago: numbers, words and gaps, as tables have them.
import { type NumberColumn, plugin, type Table, z } from 'plugboard'

const CLASSES = ['Adelie', 'Chinstrap', 'Gentoo']
const MEASURES = ['beak_length', 'beak_depth', 'flipper_length', 'body_mass'] as const

const config = z.strictObject({
  missing: z
    .enum(['drop', 'keep'])
    .default('drop')
    .describe('rows that lack something: left out, or kept with NaN and empty texts, to be filled'),
})

type Penguins = Record<(typeof MEASURES)[number], (number | null)[]> & {
  island: string[]
  sex: (string | null)[]
  species: string[]
}

function tableOf(penguins: Penguins, missing: 'drop' | 'keep'): Table {
  const isWhole = (row: number): boolean =>
    penguins.sex[row] !== null && MEASURES.every((name) => penguins[name][row] !== null)
  const rows = [...penguins.species.keys()].filter((row) => missing === 'keep' || isWhole(row))
  const measures = MEASURES.map((name): [string, NumberColumn] => {
    const data = Float32Array.from(rows, (row) => penguins[name][row] ?? NaN)
    return [name, { type: 'number', data, shape: [], dtype: 'float32' }]
  })
  return {
    length: rows.length,
    columns: {
      island: { type: 'text', data: rows.map((row) => penguins.island[row]!) },
      ...Object.fromEntries(measures),
      sex: { type: 'text', data: rows.map((row) => penguins.sex[row] ?? '') },
      labels: {
        type: 'number',
        data: Int32Array.from(rows, (row) => CLASSES.indexOf(penguins.species[row]!)),
        shape: [],
        dtype: 'int32',
        limit: CLASSES.length,
        classes: CLASSES,
      },
    },
  }
}

export default class PenguinsPlugin extends plugin({
  manifest: {
    name: 'penguins',
    version: '1.0.0',
    category: 'dataset',
    description: 'Penguins of the Palmer Archipelago (CC0): 344 of three species, 333 without gaps',
    tags: ['table', 'classification'],
    provides: ['dataset/penguins'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'penguins',
      ({ missing }, env) => ({
        async load() {
          const text = new TextDecoder().decode(await env.asset('data/penguins.json'))
          return tableOf(JSON.parse(text) as Penguins, missing)
        },
      }),
      {
        config,
        description:
          'columns `island` and `sex` of text, `beak_length`, `beak_depth`, `flipper_length` (mm), `body_mass` (g), and `labels`',
      },
    )
  }
}
