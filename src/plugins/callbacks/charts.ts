// Charts: which metrics the page draws together.
import { panelSpecSchema, plugin, z } from 'plugboard'

const chart = panelSpecSchema
  .pick({ id: true, title: true })
  .extend({ metrics: z.array(z.string()).min(1).describe('metrics to draw; `val_*` takes many') })

const config = z.strictObject({
  panels: z
    .array(chart)
    .default([
      { id: 'loss', title: 'Loss', metrics: ['loss', 'val_loss'] },
      { id: 'accuracy', title: 'Accuracy', metrics: ['accuracy', 'val_accuracy'] },
    ])
    .describe('one chart each'),
})

export default class Charts extends plugin({
  manifest: {
    name: 'charts',
    version: '1.0.0',
    category: 'callback',
    description: 'Draws the metrics of a run while it trains',
    tags: ['panel'],
  },
  config,
}) {
  initialize() {
    for (const panel of this.config.panels) this.ctx.panel({ ...panel, type: 'chart' })
  }
}
