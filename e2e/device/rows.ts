// Runs in a page: datasets of the rows that built-in parts are tried on.
import { type NumberColumn, plugin, type Table } from '#sdk'
import { rows } from '../../src/plugins/testing/part-inputs.ts'
import { integers } from '../../src/plugins/testing/reference.ts'

const LENGTH = 16

function column({ shape, limit }: (typeof rows)[string]['columns'][string], seed: number) {
  const count = LENGTH * shape.reduce((a, b) => a * b, 1)
  const drawn = integers(count, seed, limit ?? 2003)
  const data = limit === undefined ? Float32Array.from(drawn, (it) => it / 1000 - 1) : drawn
  return { type: 'number', data, shape, limit, dtype: limit ? 'int32' : 'float32' } as NumberColumn
}

/** A row has one position more than the next one, up to all; the first is never left out. */
function mask({ shape: [length] }: (typeof rows)[string]['columns'][string]): NumberColumn {
  const data = Float32Array.from({ length: LENGTH * length! }, (_, i) => {
    const row = Math.floor(i / length!)
    return i % length! <= row % length! ? 1 : 0
  })
  return { type: 'number', data, shape: [length!], dtype: 'float32' }
}

/** Provides them as datasets. */
export class RowsOfKind extends plugin({
  manifest: {
    name: 'rows_of_kind',
    version: '1.0.0',
    category: 'dataset',
    description: 'Rows that built-in parts are tried on',
    provides: Object.keys(rows).map((name) => `dataset/${datasetOf(name)}`),
  },
}) {
  initialize() {
    for (const [name, { columns }] of Object.entries(rows)) {
      const made = Object.entries(columns).map(([path, spec], i) => [
        path,
        path.endsWith('_mask') ? mask(spec) : column(spec, i + 1),
      ])
      const table: Table = { length: LENGTH, columns: Object.fromEntries(made) }
      const load = () => Promise.resolve({ train: table, validation: table })
      this.ctx.provide('dataset', datasetOf(name), () => ({ load }))
    }
  }
}

/** Name of the dataset with such rows. */
export function datasetOf(kind: string): string {
  return kind.replaceAll(' ', '_')
}
