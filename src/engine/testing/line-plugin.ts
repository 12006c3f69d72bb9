// For unit tests: a built-in plugin with all that a small run needs, and the project text for it.
import { definePlugin, type Table, z } from '#sdk'
import { Line, lineRows, Momentum, squaredError } from './fake-run.ts'

export const linePlugin = definePlugin({
  manifest: {
    name: 'line',
    version: '1.0.0',
    provides: ['dataset/line', 'model/line', 'optimizer/momentum', 'loss/squared_error', 'loss'],
  },
  methods: {
    initialize(ctx) {
      ctx.provide('dataset', 'line', () => ({ load: async () => lineRows(40) as unknown as Table }))
      ctx.provide('model', 'line', ({ dropout }) => new Line(dropout), {
        config: z.strictObject({ dropout: z.number().min(0).max(1).default(0) }),
      })
      ctx.provide('optimizer', 'momentum', () => new Momentum())
      ctx.provide('loss', 'squared_error', () => squaredError, { default: true })
    },
  },
})

/** Four steps an epoch; `plugins` is the text of that section. */
export function lineProject(plugins = '{}', { epochs = 2, more = '' } = {}): string {
  return `plugins: ${plugins}
experiment:
  dataset: line
  model: line
  validation_split: 0.2
  training: { optimizer: momentum, epochs: ${epochs}, batch_size: 8 }
${more}`
}
