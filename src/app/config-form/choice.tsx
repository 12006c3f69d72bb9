// Controls that are chosen from: one of several values, yes or no.
import { resetAt, setAt } from './config.ts'
import { controlId, type ControlProps } from './props.ts'

const UNSET = ''

/** What stands for no choice: the default, where there is one. */
const unsetText = (fallback: unknown): string =>
  fallback === undefined || fallback === null || typeof fallback === 'object'
    ? 'not set'
    : `${fallback as string} (default)`

export function Choice(props: ControlProps<'choice'>) {
  const { path, schema, control, value, labelledBy, describedBy, isWrong, isRequired } = props
  const { choices } = control
  const place = choices.findIndex((choice) => choice === value)
  return (
    <select
      id={controlId(labelledBy)}
      className="field"
      aria-labelledby={labelledBy}
      aria-describedby={describedBy === '' ? undefined : describedBy}
      aria-invalid={isWrong}
      value={value === undefined ? UNSET : String(place)}
      onChange={({ target }) =>
        target.value === UNSET ? resetAt(path) : setAt(path, choices[Number(target.value)])
      }
    >
      {isRequired && value !== undefined ? null : (
        <option value={UNSET}>{isRequired ? 'Choose…' : unsetText(schema['default'])}</option>
      )}
      {place < 0 && value !== undefined ? (
        <option value="-1">{JSON.stringify(value)} (not one of them)</option>
      ) : null}
      {choices.map((choice, index) => (
        <option key={index} value={index}>
          {String(choice)}
        </option>
      ))}
    </select>
  )
}

export function Flag({
  path,
  schema,
  value,
  labelledBy,
  describedBy,
  isWrong,
}: ControlProps<'boolean'>) {
  const isOn = (value ?? schema['default']) === true
  return (
    <label className="config-flag">
      <input
        id={controlId(labelledBy)}
        type="checkbox"
        role="switch"
        aria-labelledby={labelledBy}
        aria-describedby={describedBy === '' ? undefined : describedBy}
        aria-invalid={isWrong}
        checked={isOn}
        onChange={({ target }) => setAt(path, target.checked)}
      />
      <span aria-hidden="true">
        {isOn ? 'yes' : 'no'}
        {value === undefined ? ' (default)' : ''}
      </span>
    </label>
  )
}
