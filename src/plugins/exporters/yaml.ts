// The graph of a model as a file of models/: what was trained, to be built again.
import { componentOf, EngineError, plugin, type TrainedModel } from 'plugboard'

function write({ graph, experiment }: TrainedModel) {
  const { name } = componentOf(experiment.model)
  if (graph !== undefined) {
    return [{ name: `${name}.yaml`, bytes: new TextEncoder().encode(graph) }]
  }
  throw new EngineError({
    code: 'data.invalid',
    message: `the checkpoint has no graph of the model ${name}: it is made by code, or was saved before checkpoints kept graphs`,
    hint: 'this format is for models of models/*.yaml; the weights of any model go as safetensors, tfjs or json',
  })
}

export default class YamlExporter extends plugin({
  manifest: {
    name: 'yaml_exporter',
    version: '1.0.0',
    category: 'exporter',
    description:
      'The graph of a model as a file for models/, with the settings it was trained with',
    tags: ['export', 'graph'],
    provides: ['exporter/yaml'],
  },
}) {
  initialize() {
    this.ctx.provide('exporter', 'yaml', () => ({ export: write }), {
      description: 'the layers of a model graph, without weights; those go in a file of their own',
    })
  }
}
