// A few rows, and an experiment on them that is over in a moment: for tests that need a whole run.
import type { PluginClass } from 'plugboard'
import { createTestEngine, type TestEngineOptions } from 'plugboard/testing'
import LabelledNames from '../plugins/labelled-names.ts'
import LetterModel from '../plugins/letter-model.ts'
import MultiTaskHead from '../plugins/multi-task-head.ts'
import SpellOut from '../plugins/spell-out.ts'

/** Robin is in both lists; nobody knows the syllables of Zuzu. */
const csv = `name,gender,syllables
ada,female,2
boris,male,2
carl,male,1
doris,female,2
eve,female,1
fred,male,1
robin,,2
zuzu,female,
`

export const assets = { 'data/labelled-names.csv': csv }

const experiment = {
  dataset: 'labelled_names',
  validation_split: 0.25,
  tokenizer: 'char',
  preprocess: ['spell_out'],
  model: { name: 'letter_model', config: { width: 4, layers: 1 } },
  head: { name: 'multi_task', config: { tasks: { gender: {}, syllables: {} }, hidden: 4 } },
  training: { epochs: 1, batch_size: 3 },
}

interface Changes extends Pick<TestEngineOptions, 'services'> {
  plugins?: readonly PluginClass[]
  /** Settings under `plugins.use`. */
  use?: Record<string, unknown>
  experiment?: Partial<Record<keyof typeof experiment | 'augment', unknown>>
}

/** An engine with this run, the plugins it needs and those given. */
export const smallRun = ({ plugins = [], use = {}, experiment: changes, ...more }: Changes = {}) =>
  createTestEngine({
    plugins: [LabelledNames, SpellOut, LetterModel, MultiTaskHead, ...plugins],
    config: { experiment: { ...experiment, ...changes }, plugins: { use } },
    assets,
    ...more,
  })
