// Iris flowers: the smallest of data sets that classes can be learned from.
import { type NumberColumn, plugin, type Table } from 'plugboard'

const CLASSES = ['setosa', 'versicolor', 'virginica']
const MEASURES = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'] as const

type Flowers = Record<(typeof MEASURES)[number], number[]> & { species: string[] }

function tableOf(flowers: Flowers): Table {
  const measures = MEASURES.map((name): [string, NumberColumn] => {
    const data = Float32Array.from(flowers[name])
    return [name, { type: 'number', data, shape: [], dtype: 'float32' }]
  })
  return {
    length: flowers.species.length,
    columns: {
      ...Object.fromEntries(measures),
      labels: {
        type: 'number',
        data: Int32Array.from(flowers.species, (name) => CLASSES.indexOf(name)),
        shape: [],
        dtype: 'int32',
        limit: CLASSES.length,
        classes: CLASSES,
      },
    },
  }
}

export default class Iris extends plugin({
  manifest: {
    name: 'iris',
    version: '1.0.0',
    category: 'dataset',
    description: "Fisher's iris flowers (MIT): 150 of three species",
    tags: ['table', 'classification'],
    provides: ['dataset/iris'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'iris',
      (_, env) => ({
        async load() {
          const text = new TextDecoder().decode(await env.asset('data/iris.json'))
          return tableOf(JSON.parse(text) as Flowers)
        },
      }),
      { description: `columns ${MEASURES.map((name) => `\`${name}\``).join(', ')} and \`labels\`` },
    )
  }
}
