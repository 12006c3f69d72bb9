// An experiment on the user's own data, written into the text of plugboard.yaml; comments stay.
import { isSetAt, readConfig, removeValue, setValue, valueAt } from '../yaml/index.ts'

/** A column that is used, and as what. */
export interface UsedColumn {
  name: string
  type: 'number' | 'category' | 'date' | 'text'
  /** Some rows have no value in it. */
  hasGaps: boolean
  /** Different values, for a category. */
  distinct: number
}

/** What is to be trained on. */
export type DataUse =
  | {
      kind: 'table'
      file: string
      /** How the file is written, where that differs from what can be found out. */
      form: Readonly<Record<string, unknown>>
      /** At least one. Texts are used where there is nothing else. */
      inputs: readonly UsedColumn[]
      label: UsedColumn
    }
  | { kind: 'images'; file: string }
  | { kind: 'text'; file: string; isLong: boolean }

interface Component {
  name: string
  config: Record<string, unknown>
}

/** What an experiment says of its data, and what suits that. */
interface Parts {
  dataset: Component
  tokenizer?: string
  preprocess?: Component[]
  model: string | Component
  head?: string
  training: Record<string, unknown>
}

const component = (name: string, config: Record<string, unknown>): Component => ({ name, config })

const FEATURES = 'features'

type TableUse = Extract<DataUse, { kind: 'table' }>

const isNumber = ({ type }: UsedColumn): boolean => type === 'number' || type === 'date'
const names = (columns: readonly UsedColumn[]): string[] => columns.map(({ name }) => name)

/** The dataset with these columns and no others. */
function tableDataset({ file, form, label }: TableUse, inputs: readonly UsedColumn[]): Component {
  const columns = Object.fromEntries([...inputs, label].map(({ name, type }) => [name, type]))
  return component('table', { file, label: label.name, columns, others: 'ignore', ...form })
}

const trainingFor = (label: UsedColumn): Record<string, unknown> =>
  isNumber(label)
    ? { epochs: 50, loss: 'mse' }
    : { epochs: 50, loss: 'cross_entropy', metrics: ['accuracy'] }

/** One column of texts, told apart by an encoder. */
function textParts(use: TableUse, text: UsedColumn): Parts {
  const { loss, ...training } = trainingFor(use.label)
  return {
    dataset: tableDataset(use, [text]),
    tokenizer: 'word_piece',
    preprocess: [component('encode_text', { column: text.name })],
    model: 'encoder',
    // Which brings the loss.
    head: loss === 'mse' ? 'regression' : 'classification',
    training: { ...training, epochs: 5 },
  }
}

function tableParts(use: TableUse): Parts {
  const { inputs, label } = use
  const [text] = inputs.filter(({ type }) => type === 'text')
  const numbers = inputs.filter(isNumber)
  const gaps = numbers.filter(({ hasGaps }) => hasGaps)
  const categories = inputs.filter(({ type }) => type === 'category')
  if (text && numbers.length + categories.length === 0) return textParts(use, text)
  const most = Math.max(0, ...categories.map(({ distinct }) => distinct))
  const scaled = [...names(numbers), ...(isNumber(label) ? ['labels'] : [])]
  const steps = [
    ...(gaps.length > 0 ? [component('impute', { columns: names(gaps) })] : []),
    ...(scaled.length > 0 ? [component('standardize', { columns: scaled })] : []),
    ...(categories.length > 0
      ? [component('one_hot', { columns: names(categories), ...(most > 100 ? { most } : {}) })]
      : []),
    component('join_columns', { columns: [...names(numbers), ...names(categories)] }),
  ]
  return {
    dataset: tableDataset(use, [...numbers, ...categories]),
    preprocess: steps,
    model: component('mlp', { input: FEATURES }),
    training: trainingFor(label),
  }
}

function partsOf(use: DataUse): Parts {
  if (use.kind === 'table') return tableParts(use)
  if (use.kind === 'images') {
    const training = { epochs: 10, loss: 'cross_entropy', metrics: ['accuracy'] }
    return { dataset: component('image_folder', { file: use.file }), model: 'cnn', training }
  }
  const rows = use.isLong ? 'chunks' : 'lines'
  return {
    dataset: component('text_file', { file: use.file, rows }),
    tokenizer: 'char',
    preprocess: [component('next_token', { context: 64, pack: true })],
    model: 'gpt',
    training: { epochs: 5, loss: 'cross_entropy', metrics: ['perplexity'] },
  }
}

/** Settings that suit one kind of data and not another. */
const OF_THE_DATA = [
  'features',
  'augment',
  'tokenizer',
  'preprocess',
  'model',
  'head',
  'validators',
]

/**
 * The project file with an experiment on this data. Of an experiment that reads the same file, model and training stay
 * as they are; of any other, only what suits any data: name, seed, split, and the rest of training. Throws an `Error`
 * for a text that is no project file.
 */
export function withDataset(text: string, use: DataUse): string {
  const { value, problem } = readConfig(text)
  if (problem) throw new Error(`plugboard.yaml has a mistake; correct it first: ${problem.message}`)
  const at = (...path: string[]): string[] => ['experiment', ...path]
  const { dataset, tokenizer, preprocess, model, head, training } = partsOf(use)
  const isSame =
    valueAt(value, at('dataset', 'name')) === dataset.name &&
    valueAt(value, at('dataset', 'config', 'file')) === use.file
  let next = text
  const set = (path: string[], part: unknown): void => {
    if (part !== undefined) next = setValue(next, path, part)
  }
  const remove = (path: string[]): void => void (next = removeValue(next, path))
  if (!isSame) for (const key of OF_THE_DATA) remove(at(key))
  set(at('dataset'), dataset)
  set(at('tokenizer'), tokenizer)
  set(at('preprocess'), preprocess)
  if (isSame) return next
  set(at('model'), model)
  set(at('head'), head)
  for (const key of ['loss', 'metrics']) remove(at('training', key))
  for (const [key, setting] of Object.entries(training)) {
    const isKept = key === 'epochs' && isSetAt(value, at('training', key))
    if (!isKept) set(at('training', key), setting)
  }
  return next
}
