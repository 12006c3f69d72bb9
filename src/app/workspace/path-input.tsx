// A field for a path that says at once which rule a path breaks.
import { newPathProblem } from '#workspace'
import { useEffect, useId, useRef, useState } from 'react'
import { workspaceStore } from './workspace.ts'

interface PathInputProps {
  label: string
  initial: string
  /** First selection, so that typing replaces just the name. */
  selection: [number, number]
  /** A path that counts as free: the one that is renamed. */
  ignore?: string
  onDone: (path: string) => void
  onCancel: () => void
}

export function PathInput({ label, initial, selection, ignore, onDone, onCancel }: PathInputProps) {
  const [path, setPath] = useState(initial)
  const field = useRef<HTMLInputElement>(null)
  const messageId = useId()
  const [start, end] = selection

  useEffect(() => {
    field.current?.focus()
    field.current?.setSelectionRange(start, end)
  }, [start, end])

  const taken = [...workspaceStore.getState().files.keys()].filter((other) => other !== ignore)
  const isUnchanged = path === initial
  const problem = isUnchanged ? undefined : newPathProblem(path, taken)

  return (
    <form
      className="path-input"
      onSubmit={(event) => {
        event.preventDefault()
        if (isUnchanged) onCancel()
        else if (problem === undefined) onDone(path)
      }}
    >
      <input
        ref={field}
        className="field"
        value={path}
        aria-label={label}
        aria-invalid={problem !== undefined}
        aria-describedby={messageId}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setPath(event.target.value.trim())}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
        onBlur={onCancel}
      />
      <p id={messageId} role="status">
        {problem ?? 'Enter to confirm, Escape to leave it.'}
      </p>
    </form>
  )
}
