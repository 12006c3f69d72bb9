// Settings by name, each a field; of very many only those that are there, with a way to add more.
import type { Entry, Path } from '#workspace'
import { Adder } from './adder.tsx'
import { useConfig, form, setAt } from './config.ts'
import { useParts } from './parts.ts'
import type { ControlProps } from './props.ts'

/** More than these are not all shown: they are there to be chosen from, as plugins are. */
const MANY = 20

export function Group({ path, control, value, labelledBy }: ControlProps<'group'>) {
  const { entries } = control
  const { Field } = useParts()
  if (entries.length > MANY && entries.every(({ isRequired }) => !isRequired))
    return <Chosen path={path} entries={entries} value={value} labelledBy={labelledBy} />
  if (entries.length === 0) return <p className="config-help">It has no settings.</p>
  return (
    <div className="config-group">
      {entries.map(({ key, schema, isRequired }) => (
        <Field key={key} path={[...path, key]} schema={schema} isRequired={isRequired} />
      ))}
    </div>
  )
}

interface ChosenProps {
  path: Path
  entries: readonly Entry[]
  value: unknown
  labelledBy: string
}

function Chosen({ path, entries, value, labelledBy }: ChosenProps) {
  const { root } = useConfig()
  const { Field } = useParts()
  const isThere = ({ key }: Entry): boolean => Object.hasOwn(Object(value) as object, key)
  const unknown = Object.keys(Object(value) as object).filter(
    (key) => !entries.some((entry) => entry.key === key),
  )
  const add = (key: string): void => {
    const { schema } = entries.find((entry) => entry.key === key)!
    setAt([...path, key], form.initialOf(schema, root))
  }
  return (
    <div className="config-group">
      {entries.filter(isThere).map(({ key, schema }) => (
        <Field key={key} path={[...path, key]} schema={schema} label={key} />
      ))}
      {unknown.map((key) => (
        <Field key={key} path={[...path, key]} schema={{}} label={key} />
      ))}
      <Adder
        labelledBy={labelledBy}
        choices={entries
          .filter((entry) => !isThere(entry))
          .map(({ key, schema }) => ({ name: key, description: form.descriptionOf(schema) }))}
        onAdd={add}
      />
    </div>
  )
}
