// Weights as a safetensors file, the format that PyTorch users exchange.
import { permuteAxes, plugin, writeSafetensors, z } from 'plugboard'

const config = z.strictObject({
  layout: z
    .enum(['torch', 'plugboard'])
    .default('torch')
    .describe("order of the axes: PyTorch's, such as [outputs, inputs] for linear layers, or ours"),
})

export default class SafetensorsExporter extends plugin({
  manifest: {
    name: 'safetensors_exporter',
    version: '1.0.0',
    category: 'exporter',
    description: 'Weights as a safetensors file, with the names and layouts of PyTorch',
    tags: ['export', 'pytorch'],
    provides: ['exporter/safetensors'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'exporter',
      'safetensors',
      ({ layout }) => ({
        export({ checkpoint, experiment, weights, torchAxes }) {
          const tensors = [...weights].map(([path, tensor]) => {
            const axes = layout === 'torch' ? torchAxes.get(path) : undefined
            return [path, axes ? permuteAxes(tensor, axes) : tensor] as const
          })
          const bytes = writeSafetensors(tensors, {
            // As PyTorch's own tools mark their files.
            format: layout === 'torch' ? 'pt' : 'plugboard',
            experiment: experiment.name,
            step: `${checkpoint.step}`,
          })
          return [{ name: 'model.safetensors', bytes }]
        },
      }),
      { config, description: 'weights by path; experiment.init_from reads it as it is' },
    )
  }
}
