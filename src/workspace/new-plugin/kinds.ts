// The kinds of plugin that there is a template for, each with one line that says what it is.
import type { KindName } from '#sdk'

/** Every kind of contribution, what plugins do besides contributing, and models without code. */
export type PluginKind = KindName | 'callback' | 'panel' | 'service' | 'graph'

export const pluginKinds: Readonly<Record<PluginKind, string>> = {
  callback: 'logs, watches, changes what happens in a run',
  panel: 'a chart, table or text of its own beside a run',
  command: 'an action that is run by its name',
  service: 'something that other plugins can use',
  dataset: 'rows to train on',
  feature: 'new columns, computed from those of a dataset',
  tokenizer: 'text to ids and back',
  preprocessor: 'a step from raw columns to batches',
  augmenter: 'changes training rows anew for each epoch',
  sampler: 'rows of an epoch and their order',
  model: 'named tensors in, named tensors out',
  graph: 'a model as a graph of layers, in YAML',
  head: 'hidden states of a model to outputs for a task',
  layer: 'a layer of any form, for models that use it',
  attention: 'how positions of a text see each other',
  ffn: 'what happens at each position of a text',
  router: 'chooses experts for rows or tokens',
  loss: 'what training makes small',
  strategy: 'how a batch becomes a loss',
  optimizer: 'turns gradients into updates',
  schedule: 'the shape of the learning rate over a run',
  metric: 'a number that tells how good a model is',
  exporter: 'a format of files for trained models',
  validator: 'a rule that models must keep',
}

export const isPluginKind = (kind: string): kind is PluginKind => Object.hasOwn(pluginKinds, kind)
