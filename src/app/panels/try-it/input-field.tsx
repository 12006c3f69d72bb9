// One input of a model, in the form that fits it: a text, a number, a class, a picture.
import { useId } from 'react'
import type { InputForm, InputValue } from '#protocol'
import { DrawingPad } from './drawing-pad.tsx'

interface InputFieldProps {
  form: InputForm
  value: InputValue
  onChange: (value: InputValue) => void
  onExample: () => void
}

/** More numbers than these are not typed in one by one. */
const MAX_FIELDS = 32

export function InputField({ form, value, onChange, onExample }: InputFieldProps) {
  const id = useId()
  const { name, kind, classes = [] } = form
  if (kind === 'text' && classes.length > 0)
    return <TextChoice name={name} texts={classes} value={String(value)} onChange={onChange} />
  if (kind === 'text') {
    return (
      <div className="try-field">
        <label htmlFor={id}>{name}</label>
        <textarea
          id={id}
          rows={3}
          value={String(value)}
          spellCheck={false}
          onChange={({ target }) => onChange(target.value)}
        />
      </div>
    )
  }
  if (kind === 'choice') {
    return (
      <div className="try-field">
        <label htmlFor={id}>{name}</label>
        <select
          id={id}
          value={Number(value)}
          onChange={({ target }) => onChange(Number(target.value))}
        >
          {classes.map((each, index) => (
            <option key={index} value={index}>
              {each}
            </option>
          ))}
        </select>
      </div>
    )
  }
  if (kind === 'number')
    return <NumberField name={name} value={Number(value)} onChange={onChange} />
  const values = Float32Array.from(value as ArrayLike<number>)
  if (kind === 'image')
    return (
      <DrawingPad
        name={name}
        shape={form.shape}
        value={values}
        onChange={onChange}
        onExample={onExample}
      />
    )
  if (values.length > MAX_FIELDS)
    return (
      <p className="panel-muted">
        {name}: {values.length} numbers, those of the example
      </p>
    )
  return (
    <fieldset className="try-numbers">
      <legend>{name}</legend>
      {Array.from(values, (number, index) => (
        <NumberField
          key={index}
          name={`${index}`}
          label={`${name} ${index}`}
          value={number}
          onChange={(next) => onChange(values.with(index, next))}
        />
      ))}
    </fieldset>
  )
}

interface TextChoiceProps {
  name: string
  texts: readonly string[]
  value: string
  onChange: (value: string) => void
}

/** One of the texts that the model knows; a row held back may have another. */
function TextChoice({ name, texts, value, onChange }: TextChoiceProps) {
  const id = useId()
  const all = texts.includes(value) ? texts : [value, ...texts]
  return (
    <div className="try-field">
      <label htmlFor={id}>{name}</label>
      <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
        {all.map((text) => (
          <option key={text} value={text}>
            {text === '' ? '(none)' : text}
          </option>
        ))}
      </select>
    </div>
  )
}

interface NumberFieldProps {
  name: string
  label?: string
  value: number
  onChange: (value: number) => void
}

function NumberField({ name, label, value, onChange }: NumberFieldProps) {
  const id = useId()
  return (
    <div className="try-field">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        type="number"
        step="any"
        aria-label={label}
        // Floats of the dataset have more digits than anyone typed.
        defaultValue={Number(value.toPrecision(6))}
        onChange={({ target }) => {
          if (target.value !== '' && Number.isFinite(target.valueAsNumber))
            onChange(target.valueAsNumber)
        }}
      />
    </div>
  )
}
