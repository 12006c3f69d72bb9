// How a plugin of each kind takes part: where the project file names it, with which settings, in which experiment.
import type { PluginKind } from './kinds.ts'

/** A value to put at a path; `isItem`: at the end of the list there. */
export interface Edit {
  readonly path: readonly string[]
  readonly value: unknown
  readonly isItem?: boolean
}

export interface Template {
  /** The experiment of a project that is made for it: `templates/<base>.yaml`. */
  readonly base: 'digits' | 'names'
  /** What names it in the project file. */
  edit(name: string): Edit
  /** What else its own project needs changed. */
  also?(name: string): Edit
  /** What an experiment must have for it; without it, any experiment will do. */
  readonly needs?: string
  /** Whether an experiment has what it needs, where that can be told. */
  fits?(experiment: Record<string, unknown>): boolean
}

type Settings = Readonly<Record<string, unknown>>

/** A plugin that takes part by being there; its settings stand under `plugins.use`. */
const used = (config: Settings): Pick<Template, 'edit'> => ({
  edit: (name) => ({ path: ['plugins', 'use', name], value: { config } }),
})

/** A component that a setting of the experiment names. */
const named = (setting: string, config: Settings): Pick<Template, 'edit'> => ({
  edit: (name) => ({ path: ['experiment', ...setting.split('.')], value: { name, config } }),
})

/** A component in a list of the experiment. */
const listed = (setting: string, config: Settings): Pick<Template, 'edit'> => ({
  edit: (name) => ({ ...named(setting, config).edit(name), isItem: true }),
})

const modelReads = (input: string): Edit => ({
  path: ['experiment', 'model', 'config'],
  value: { input, hidden: [32] },
})

const CLASSES = 'a model that gives logits, and class numbers in the column labels'
const IMAGES = 'a dataset with a column image'

/** A part of gpt's blocks. */
const inGpt = {
  base: 'names',
  needs: 'a model that builds this part by name, as gpt does',
  fits: ({ model }: Record<string, unknown>) =>
    model === 'gpt' || (model as { name?: unknown } | undefined)?.name === 'gpt',
} as const

export const templates: Readonly<Record<PluginKind, Template>> = {
  callback: { base: 'digits', ...used({ metric: 'loss' }) },
  panel: { base: 'digits', ...used({ rows: 20 }) },
  command: { base: 'digits', ...used({ kept: 100 }) },
  service: { base: 'digits', ...used({ after_step: 0 }) },
  dataset: {
    base: 'digits',
    ...named('dataset', { rows: 3000 }),
    also: () => modelReads('point'),
    needs: 'a model that reads its column point',
  },
  feature: {
    base: 'digits',
    ...listed('features', { column: 'image' }),
    also: modelReads,
    needs: `${IMAGES}, and a model that reads what it adds`,
  },
  tokenizer: {
    base: 'names',
    ...named('tokenizer', { groups: 50 }),
    needs: 'a dataset of text',
  },
  preprocessor: {
    base: 'digits',
    ...listed('preprocess', { column: 'image' }),
    needs: IMAGES,
  },
  augmenter: { base: 'digits', ...listed('augment', { pixels: 2 }), needs: IMAGES },
  sampler: { base: 'digits', ...named('training.sampler', { share: 0.5 }) },
  model: { base: 'digits', ...named('model', { hidden: 64 }), needs: IMAGES },
  graph: { base: 'digits', ...named('model', { width: 32 }), needs: IMAGES },
  head: {
    base: 'digits',
    ...named('head', { hidden: 32 }),
    needs: 'a model that gives hidden_states, and class numbers in the column labels',
  },
  layer: { base: 'digits', ...named('model', { layers: 2, width: 32 }), needs: IMAGES },
  attention: { ...inGpt, ...named('model.config.attention', { slope: 1 }) },
  ffn: { ...inGpt, ...named('model.config.ffn', { expansion: 2 }) },
  router: { base: 'digits', ...named('model', { experts: 4 }), needs: IMAGES },
  loss: { base: 'digits', ...named('training.loss', { margin: 1 }), needs: CLASSES },
  strategy: { base: 'digits', ...named('training.strategy', { strength: 0.5 }) },
  optimizer: { base: 'digits', ...named('training.optimizer', { learning_rate: 0.001 }) },
  schedule: { base: 'digits', ...named('training.schedule', { power: 1 }) },
  metric: { base: 'digits', ...listed('training.metrics', { among: 3 }), needs: CLASSES },
  exporter: { base: 'digits', ...used({ digits: 4 }) },
  validator: { base: 'digits', ...listed('validators', { limit: 20_000 }) },
}
