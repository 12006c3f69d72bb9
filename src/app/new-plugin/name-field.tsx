// The name of a new plugin, judged while it is typed; a wrong one comes with a right one to take.
import { type Ref, useId } from 'react'
import { Button } from '../ui/button.tsx'

interface NameFieldProps {
  ref: Ref<HTMLInputElement>
  value: string
  /** Why it cannot be. */
  problem: string | undefined
  /** A name that can, made from it. */
  better: string | undefined
  onChange: (name: string) => void
}

export function NameField({ ref, value, problem, better, onChange }: NameFieldProps) {
  const id = useId()
  return (
    <div className="new-plugin-field">
      <label htmlFor={id}>Name</label>
      <input
        id={id}
        ref={ref}
        className="field"
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
        spellCheck={false}
        autoComplete="off"
        onFocus={({ target }) => target.select()}
        onChange={({ target }) => onChange(target.value)}
      />
      <div id={`${id}-problem`} className="new-plugin-problem" role="status">
        {problem}
      </div>
      {better !== undefined && (
        <Button className="new-plugin-better" onClick={() => onChange(better)}>
          Name it {better}
        </Button>
      )}
    </div>
  )
}
