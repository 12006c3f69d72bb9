// A format of files for trained models: each weight as lines of a table.
import { type ModelFile, plugin, z } from 'plugboard'

export default class MyExporter extends plugin({
  manifest: {
    name: 'my_exporter',
    version: '1.0.0',
    category: 'exporter',
    description: 'Weights as a table: path, place, value',
    provides: ['exporter/my_exporter'],
  },
  config: z.object({
    digits: z.int().min(1).max(9).default(6).describe('significant digits of a value'),
  }),
}) {
  initialize() {
    const { digits } = this.config
    this.ctx.provide(
      'exporter',
      'my_exporter',
      () => ({
        export({ weights }): ModelFile[] {
          const lines = ['path,place,value']
          for (const [path, { data }] of weights)
            data.forEach((value: number | bigint, place: number) =>
              lines.push(`${path},${place},${Number(value).toPrecision(digits)}`),
            )
          const text = `${lines.join('\n')}\n`
          return [{ name: 'weights.csv', bytes: new TextEncoder().encode(text) }]
        },
      }),
      { description: 'a table of all weights' },
    )
  }
}
