// The settings of the project file in the order in which one thinks of them.
import type { Path } from '#workspace'
import { form } from './config.ts'
import type { FieldProps } from './props.ts'

type Schema = FieldProps['schema']

export interface Section {
  readonly title: string
  readonly fields: readonly FieldProps[]
}

const DATA = [
  'dataset',
  'validation_split',
  'validation',
  'tokenizer',
  'features',
  'preprocess',
  'augment',
]
const MODEL = ['model', 'head', 'init_from', 'validators']

function fieldsAt(root: Schema, path: Path): FieldProps[] {
  const schema = path.reduce<Schema>((at, key) => {
    const { properties } = form.resolved(at, root)
    return form.resolved((Object(properties) as Record<string, Schema>)[key] ?? {}, root)
  }, root)
  const control = form.controlOf(schema, root)
  if (control.kind !== 'group') return []
  return control.entries.map((entry) => ({
    path: [...path, entry.key],
    schema: entry.schema,
    isRequired: entry.isRequired,
  }))
}

const named = (fields: readonly FieldProps[], names: readonly string[]): FieldProps[] =>
  names.flatMap((name) => fields.filter(({ path }) => path.at(-1) === name))

/** `root` is the schema of the whole file; what stands nowhere else comes under the experiment, or last. */
export function sectionsOf(root: Schema): Section[] {
  const experiment = fieldsAt(root, ['experiment'])
  const others = experiment.filter(
    ({ path: [, name] }) => ![...DATA, ...MODEL, 'training'].includes(String(name)),
  )
  const plugins = fieldsAt(root, ['plugins'])
  const use = named(plugins, ['use']).map((field) => ({ ...field, label: 'In use' }))
  const rest = fieldsAt(root, []).filter(
    ({ path: [name] }) => name !== 'experiment' && name !== 'plugins',
  )
  return [
    { title: 'Experiment', fields: others },
    { title: 'Data', fields: named(experiment, DATA) },
    { title: 'Model', fields: named(experiment, MODEL) },
    { title: 'Training', fields: fieldsAt(root, ['experiment', 'training']) },
    { title: 'Plugins', fields: [...use, ...plugins.filter(({ path }) => path[1] !== 'use')] },
    { title: 'More', fields: rest },
  ].filter(({ fields }) => fields.length > 0)
}
