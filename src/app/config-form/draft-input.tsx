// A line that is typed: written into the file when it is left, with Enter, or after a pause.
import { type ComponentProps, useEffect, useRef, useState } from 'react'

interface DraftInputProps extends Omit<
  ComponentProps<'input'>,
  'value' | 'onChange' | 'ref' | 'defaultValue'
> {
  /** As the file has it. */
  text: string
  onCommit(text: string): void
}

const PAUSE_MS = 600

export function DraftInput({ text, onCommit, onKeyDown, ...rest }: DraftInputProps) {
  const [draft, setDraft] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const commit = (typed: string | undefined): void => {
    clearTimeout(timer.current)
    if (typed !== undefined && typed !== text) onCommit(typed)
  }
  return (
    <input
      {...rest}
      className="field"
      type="text"
      autoComplete="off"
      spellCheck={false}
      value={draft ?? text}
      onChange={({ target }) => {
        const typed = target.value
        setDraft(typed)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => commit(typed), PAUSE_MS)
      }}
      onBlur={() => {
        commit(draft)
        setDraft(undefined)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          commit(draft)
          setDraft(undefined)
        }
        if (event.key === 'Escape' && draft !== undefined) {
          event.stopPropagation()
          clearTimeout(timer.current)
          setDraft(undefined)
        }
        onKeyDown?.(event)
      }}
    />
  )
}
