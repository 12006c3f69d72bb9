// A custom data loader: rows from a file of the workspace, with labels for several tasks.
import { plugin, type Table, z } from 'plugboard'
import { type LabelledRows, readLabelledRows } from '../lib/labelled-rows.ts'

const config = z.strictObject({
  path: z.string().default('data/labelled-names.csv').describe('file of the workspace to read'),
})

/**
 * Column `text`, and two for each task: `<task>_labels` holds class numbers, `<task>_mask` is 1 where the row
 * has a label. A tensor has no empty places, so a row without a label has class 0 and mask 0.
 */
function tableOf({ texts, labels }: LabelledRows): Table {
  const columns: Table['columns'] = { text: { type: 'text', data: texts } }
  for (const [task, names] of Object.entries(labels)) {
    const classes = [...new Set(names)].filter((name) => name !== '').toSorted()
    columns[`${task}_labels`] = {
      type: 'number',
      data: Int32Array.from(names, (name) => Math.max(0, classes.indexOf(name))),
      shape: [],
      dtype: 'int32',
      limit: classes.length,
      classes,
    }
    columns[`${task}_mask`] = {
      type: 'number',
      data: Uint8Array.from(names, (name) => Number(name !== '')),
      shape: [],
      dtype: 'float32',
    }
  }
  return { length: texts.length, columns }
}

export default class LabelledNames extends plugin({
  manifest: {
    name: 'labelled_names',
    version: '1.0.0',
    category: 'dataset',
    description: 'Texts of a CSV file with labels for several tasks',
    provides: ['dataset/labelled_names'],
  },
}) {
  initialize() {
    // `provide` takes a factory: it is called with the settings of the experiment, for each run anew.
    this.ctx.provide(
      'dataset',
      'labelled_names',
      ({ path }, { asset }) => ({
        async load() {
          const csv = new TextDecoder().decode(await asset(path))
          return tableOf(readLabelledRows(csv, path))
        },
      }),
      { config, description: 'column `text`, and labels of every other column of the file' },
    )
  }
}
