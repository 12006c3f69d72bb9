// Callbacks that look inside a model, in whole runs: what they show, and that training is as without them.
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import type { ShownContent } from '#sdk'
import { Workbench } from '../../src/engine/testing/workbench.ts'

const ALL = `gradient_histograms: { config: { every_steps: 2 } },
  weight_histograms: { config: { every_steps: 2 } },
  activations: { config: { every_steps: 3, rows: 4 } },
  attention_maps: { config: { every_steps: 3 } },
  confusion_panel: {},
  decision_boundary: { config: { every_steps: 3, cells: 8 } },
  embedding_projection: { config: { every_steps: 3 } }`

const POINTS = (use: string) => `plugins: { use: { ${use} } }
experiment:
  dataset: { name: moons, config: { rows: 80 } }
  model: { name: mlp, config: { input: features, hidden: [8], dropout: 0.2 } }
  training: { epochs: 2, batch_size: 16, metrics: [accuracy] }
`

const SEQUENCES = (use: string) => `plugins: { use: { ${use} } }
experiment:
  dataset: { name: copy, config: { rows: 40, length: 3, vocabulary: 5 } }
  model: { name: gpt, config: { width: 8, heads: 2, layers: 1, dropout: 0.1 } }
  training: { epochs: 2, batch_size: 12 }
`

async function train(config: string) {
  const bench = new Workbench({ plugins: builtinPlugins })
  const ended = await bench.train({}, config)
  expect(ended).toMatchObject({ reason: 'finished' })
  const points = bench.events('run.metrics').flatMap((event) => event.points)
  const panels = new Map(bench.events('panel.shown').map(({ id, content }) => [id, content]))
  const logs = bench.events('log').map(({ message }) => message)
  const values = points.map((point) => point.values)
  return { values, panels, logs, failures: bench.events('hook.failed') }
}

const part = <K extends string>(content: ShownContent | undefined, key: K) =>
  (content as unknown as Record<K, { length: number }[]>)[key]

test('on points: histograms, confusion, decision boundary; the same numbers with and without', async () => {
  const plain = await train(POINTS(''))
  const { values, panels, logs, failures } = await train(POINTS(ALL))
  expect(failures).toEqual([])
  expect(values).toEqual(plain.values)
  expect([...panels.keys()].toSorted()).toEqual([
    'activations',
    'boundary',
    'confusion',
    'gradients',
    'weights',
  ])
  for (const id of ['gradients', 'weights', 'activations'])
    expect(part(panels.get(id), 'histograms').length).toBeGreaterThan(1)
  expect(panels.get('confusion')).toMatchObject({ matrices: [{ rows: { length: 2 } }] })
  expect(panels.get('boundary')).toMatchObject({ field: { columns: 8 }, xLabel: 'features[0]' })
  expect(logs.filter((line) => line.includes('shows nothing'))).toEqual([
    expect.stringContaining('has no matrix the embedding of the tokens'),
    expect.stringContaining('nothing in the model is named *:weights'),
  ])
})

test('on sequences: attention of each head and the embedding; the same numbers with and without', async () => {
  const plain = await train(SEQUENCES(''))
  const { values, panels, failures } = await train(SEQUENCES(ALL))
  expect(failures).toEqual([])
  expect(values).toEqual(plain.values)
  const { matrices } = panels.get('attention') as Extract<ShownContent, { matrices: unknown }>
  expect(matrices).toHaveLength(2)
  for (const { rows, values: map } of matrices) {
    // Each row is a distribution over what it may see, which is nothing later.
    rows.forEach((_, i) => {
      const row = map.subarray(i * rows.length, (i + 1) * rows.length)
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
      expect([...row.subarray(i + 1)].every((weight) => weight === 0)).toBe(true)
    })
  }
  expect(part(panels.get('embedding'), 'x').length).toBeGreaterThan(4)
})
