// A workspace that fills every panel: rows with a category to train on, and a view of each type from a plugin.
import type { TestFiles } from './workbench.ts'

const rows = Array.from({ length: 60 }, (_, i) => {
  const island = i % 3 === 0 ? 'Biscoe' : 'Dream'
  return i % 2 === 0 ? `${5000 + i},${island},gentoo` : `${3700 + i},${island},adelie`
})

/** Its panels are named after their types: `A text`, `A table`, … */
export const everyPanel: TestFiles = {
  'data/birds.csv': `weight,island,species\n${rows.join('\n')}\n`,
  'plugboard.yaml': `experiment:
  name: birds
  dataset: { name: table, config: { file: data/birds.csv, label: species } }
  preprocess:
    - { name: standardize, config: { columns: [weight] } }
    - { name: one_hot, config: { columns: [island] } }
    - { name: join_columns, config: { columns: [weight, island] } }
  model: { name: mlp, config: { input: features, hidden: [4] } }
  training: { epochs: 2, batch_size: 16, metrics: [accuracy] }
plugins:
  use:
    charts: {}
`,
  'plugins/views.ts': `import { type PanelContent, type PanelSpec, plugin } from 'plugboard'

const wave = (count: number) => Float32Array.from({ length: count }, (_, i) => (1 + Math.sin(i)) / 2)
const at = (step: number) => ({ at: step, min: -1, max: 1, counts: wave(12).map((it) => it * step) })
const rows = [at(1), at(2), at(3)]
const image = { width: 8, height: 8, pixels: wave(64) }
const field = {
  x: [0, 1] as [number, number],
  y: [0, 1] as [number, number],
  columns: 8,
  rows: 8,
  groups: wave(64).map(Math.round),
  strengths: wave(64),
}
const views: [PanelSpec['type'], PanelContent][] = [
  ['text', { text: ['one line', 'and another'] }],
  ['table', { columns: ['name', 'value'], rows: [['a', 1], ['b', 2.5]] }],
  ['histogram', { histograms: [{ name: 'weight', rows }, { name: 'bias', rows }] }],
  ['matrix', {
    matrices: [{ title: 'head 1', rows: ['a', 'b'], columns: ['c', 'd'], values: [1, 0.5, 0.2, 0] }],
    rowsAre: 'token',
    columnsAre: 'looks at',
  }],
  ['scatter', {
    x: [0.1, 0.5, 0.9],
    y: [0.2, 0.8, 0.4],
    group: [0, 1, 1],
    groups: ['adelie', 'gentoo'],
    field,
    xLabel: 'width',
    yLabel: 'height',
    caption: 'three points',
  }],
  ['line', { lines: [{ name: 'roc', x: [0, 0.2, 1], y: [0, 0.8, 1] }, { name: 'chance', y: [0, 1] }], xLabel: 'false' }],
  ['bar', { labels: ['cat', 'dog'], bars: [{ name: 'right', values: [9, 7] }, { name: 'wrong', values: [1, -3] }] }],
  ['graph', {
    nodes: [{ id: 'rows' }, { id: 'model', detail: '3 layers' }, { id: 'loss' }],
    edges: [{ from: 'rows', to: 'model' }, { from: 'model', to: 'loss' }],
  }],
  ['images', {
    images: [
      { ...image, tone: 'ok', caption: 'a 7' },
      { ...image, tone: 'danger', caption: 'a 1 for a 7' },
      { ...image, caption: 'grey' },
    ],
  }],
]

export default class Views extends plugin({
  manifest: { name: 'views', version: '1.0.0', category: 'callback', description: 'A view of each type' },
}) {
  initialize() {
    for (const [type, content] of views)
      this.ctx.panel({ id: type, title: \`A \${type}\`, type }).show(content)
  }
}
`,
}
