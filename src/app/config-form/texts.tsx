// Controls that are typed into: numbers, texts, and anything else as a line of YAML.
import { useState } from 'react'
import { form, resetAt, setAt } from './config.ts'
import { DraftInput } from './draft-input.tsx'
import { controlId, type ControlProps } from './props.ts'

type Props = Omit<ControlProps, 'control'>

const shown = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : form.flow(value)

const common = ({ labelledBy, describedBy, isWrong, isRequired }: Props) => ({
  id: controlId(labelledBy),
  'aria-labelledby': labelledBy,
  'aria-describedby': describedBy === '' ? undefined : describedBy,
  'aria-invalid': isWrong,
  'aria-required': isRequired,
})

/** Empty means: as without the setting. */
const hint = ({ schema, isRequired }: Props): string | undefined =>
  schema['default'] === undefined ? (isRequired ? undefined : 'not set') : shown(schema['default'])

const clear = ({ path, isRequired }: Props): void => {
  if (!isRequired) resetAt(path)
}

/** For attributes, which take digits and no power of ten. */
const decimal = (value: number | undefined): number | undefined =>
  value === undefined || String(value).includes('e') ? undefined : value

/** One more, or one less, in the last place that counts: 0.01 for 0.05, 1 for 12. */
function stepOf(value: number, isInteger: boolean): number {
  if (isInteger || value === 0) return isInteger ? 1 : 0.1
  return Math.min(1, 10 ** Math.floor(Math.log10(Math.abs(value))))
}

export function NumberText(props: ControlProps<'number'>) {
  const { path, control, value, schema } = props
  const { isInteger, min, max, isOpen } = control
  const number = typeof value === 'number' ? value : Number(schema['default'] ?? min ?? 0)
  const write = (typed: string): void => {
    const text = typed.trim()
    if (text === '') return clear(props)
    const read = Number(text)
    // What is no number is written as it is: the engine tells at this field what it wants.
    setAt(path, Number.isFinite(read) ? read : text)
  }
  const step = (direction: 1 | -1): void => {
    const size = stepOf(number, isInteger)
    const next = Number((number + direction * size).toPrecision(12))
    const isWithin =
      (min === undefined || (isOpen ? next > min : next >= min)) &&
      (max === undefined || (isOpen ? next < max : next <= max))
    if (isWithin) setAt(path, next)
  }
  return (
    <DraftInput
      {...common(props)}
      role="spinbutton"
      aria-valuenow={decimal(number)}
      aria-valuemin={decimal(min)}
      aria-valuemax={decimal(max)}
      inputMode={isInteger ? 'numeric' : 'decimal'}
      data-kind="number"
      title={controlId(props.labelledBy) && limits(props)}
      placeholder={hint(props)}
      text={shown(value)}
      onCommit={write}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
        event.preventDefault()
        step(event.key === 'ArrowUp' ? 1 : -1)
      }}
    />
  )
}

function limits({ control: { isInteger, min, max, isOpen } }: ControlProps<'number'>): string {
  const what = isInteger ? 'a whole number' : 'a number'
  const from = min === undefined ? '' : isOpen ? ` above ${min}` : ` from ${min}`
  const to = max === undefined ? '' : isOpen ? ` below ${max}` : ` to ${max}`
  return what + from + to
}

export function Text(props: ControlProps<'text'>) {
  const { path, value } = props
  return (
    <DraftInput
      {...common(props)}
      placeholder={hint(props)}
      text={shown(value)}
      onCommit={(text) => (text === '' ? clear(props) : setAt(path, text))}
    />
  )
}

/** What no schema tells: a line of YAML, as `[1, 2]` or `{ a: 1 }`. */
export function AnyText(props: ControlProps<'any'>) {
  const { path, value } = props
  const [mistake, setMistake] = useState<string>()
  return (
    <>
      <DraftInput
        {...common(props)}
        placeholder={hint(props)}
        text={shown(value)}
        onCommit={(text) => {
          setMistake(undefined)
          if (text === '') return clear(props)
          try {
            setAt(path, form.fromFlow(text))
          } catch (error) {
            setMistake(error instanceof Error ? error.message : String(error))
          }
        }}
      />
      {mistake === undefined ? null : (
        <p className="config-wrong" role="alert">
          This is no line of YAML: {mistake}
        </p>
      )}
    </>
  )
}
