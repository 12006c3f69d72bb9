// What every plugin must keep: a complete manifest, defaults, promises kept, nothing left behind.
import type { PluginClass } from 'plugboard'
import { describe, test, testPlugin } from 'plugboard/testing'
import CustomTransformer from '../plugins/custom-transformer.ts'
import Endings from '../plugins/endings.ts'
import FirstPlugin from '../plugins/first-plugin.ts'
import Guesses from '../plugins/guesses.ts'
import LabelledNames from '../plugins/labelled-names.ts'
import LetterModel from '../plugins/letter-model.ts'
import Misspell from '../plugins/misspell.ts'
import MultiTaskHead from '../plugins/multi-task-head.ts'
import NameServices from '../plugins/name-services.ts'
import SingleTaskHead from '../plugins/single-task-head.ts'
import SpellOut from '../plugins/spell-out.ts'
import Sureness from '../plugins/sureness.ts'
import TwoLooks from '../plugins/two-looks.ts'

const standAlone: Record<string, PluginClass> = {
  custom_transformer: CustomTransformer,
  endings: Endings,
  fair_copy: FirstPlugin,
  labelled_names: LabelledNames,
  letter_model: LetterModel,
  misspell: Misspell,
  multi_task_head: MultiTaskHead,
  name_services: NameServices,
  single_task_head: SingleTaskHead,
  spell_out: SpellOut,
  sureness: Sureness,
  two_looks: TwoLooks,
}

describe('conforms', () => {
  for (const [name, Plugin] of Object.entries(standAlone)) test(name, () => testPlugin(Plugin))

  test('guesses, with a setting it needs and the plugins it requires', () =>
    testPlugin(Guesses, { config: { names: ['Ada'] }, plugins: [FirstPlugin, NameServices] }))
})
