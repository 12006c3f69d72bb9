// One argument in the form of a command.
import { type Field, formatValue, kindOf } from '#workspace'
import { useId } from 'react'
import { choicesOf, isTick } from './form-values.ts'

interface FormFieldProps {
  field: Field
  text: string
  /** What is wrong with it. */
  problem: string | undefined
  onChange: (text: string) => void
}

export function FormField({ field, text, problem, onChange }: FormFieldProps) {
  const id = useId()
  const { name, description, isRequired } = field
  const choices = choicesOf(field)
  const kind = choices.length > 0 || isTick(field) ? [] : [kindOf(field)]
  const optional = isRequired || field.fallback !== undefined ? [] : ['optional']
  const described = [description && `${id}-hint`, problem && `${id}-problem`].filter(Boolean)
  const common = {
    id,
    name,
    'aria-invalid': problem !== undefined,
    'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
    'aria-required': isRequired,
  }
  return (
    <div className="command-field">
      <label htmlFor={id}>
        {isTick(field) ? (
          <input
            type="checkbox"
            {...common}
            checked={text === 'true'}
            onChange={({ target }) => onChange(String(target.checked))}
          />
        ) : null}
        {name}
        <span className="command-kind">{[...kind, ...optional].join(' · ')}</span>
      </label>
      {isTick(field) ? null : choices.length > 0 ? (
        <select
          className="field"
          {...common}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        >
          {field.fallback === undefined ? (
            <option value="">{isRequired ? 'Choose…' : 'not given'}</option>
          ) : null}
          {choices.map((value, place) => (
            <option key={place} value={place}>
              {formatValue(value, field)}
            </option>
          ))}
        </select>
      ) : (
        <input
          className="field"
          {...common}
          type="text"
          inputMode={field.type === 'number' ? 'decimal' : undefined}
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {description === '' ? null : (
        <p id={`${id}-hint`} className="command-hint">
          {description}
        </p>
      )}
      {problem === undefined ? null : (
        <p id={`${id}-problem`} className="command-problem">
          {problem}
        </p>
      )}
    </div>
  )
}
