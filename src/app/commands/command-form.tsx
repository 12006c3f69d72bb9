// Asks for the arguments of a command, runs it, and shows what is wrong with them at their fields.
import type { CommandInfo, ErrorInfo } from '#sdk'
import { fieldsOf } from '#workspace'
import { type SubmitEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { FormField } from './form-field.tsx'
import { argumentsOf, initialTexts } from './form-values.ts'
import { outcomeOf, tell } from './run-command.ts'
import './commands.css'

interface CommandFormProps {
  command: CommandInfo
  onDone: () => void
  onBack: () => void
}

/** Problems by argument; those of none have the empty name. */
type Problems = Readonly<Record<string, string>>

function problemsOf({ issues = [] }: ErrorInfo, names: ReadonlySet<string>): Problems {
  const problems: Record<string, string> = {}
  for (const { path, message, hint } of issues) {
    const name = String(path[0] ?? '')
    const owner = names.has(name) ? name : ''
    const text = hint === undefined ? message : `${message} (${hint})`
    problems[owner] = problems[owner] === undefined ? text : `${problems[owner]}\n${text}`
  }
  return problems
}

export function CommandForm({ command, onDone, onBack }: CommandFormProps) {
  const { name, title, description, args: schema } = command
  const fields = useMemo(() => fieldsOf(schema), [schema])
  const [texts, setTexts] = useState(() => initialTexts(fields))
  const [problems, setProblems] = useState<Problems>({})
  const [isRunning, setRunning] = useState(false)
  const form = useRef<HTMLFormElement>(null)

  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>('input, select')
    first?.focus()
    if (first instanceof HTMLInputElement) first.select()
  }, [])
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [problems])

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const { args, problems: unreadable } = argumentsOf(fields, texts)
    if (Object.keys(unreadable).length > 0) return setProblems(unreadable)
    setRunning(true)
    const outcome = await outcomeOf(name, args)
    setRunning(false)
    if (outcome.error?.issues) {
      return setProblems(problemsOf(outcome.error, new Set(fields.map((field) => field.name))))
    }
    tell(command, args, outcome)
    onDone()
  }

  return (
    <form ref={form} className="command-form" onSubmit={(event) => void submit(event)} noValidate>
      <div className="command-head">
        <h2>{title}</h2>
        <p>
          <code>{name}</code> of {command.plugin}
          {description === '' ? null : ` · ${description}`}
        </p>
      </div>
      <div className="command-fields">
        {fields.map((field) => (
          <FormField
            key={field.name}
            field={field}
            text={texts[field.name] ?? ''}
            problem={problems[field.name]}
            onChange={(text) => setTexts((before) => ({ ...before, [field.name]: text }))}
          />
        ))}
        <p className="command-problem" role="alert">
          {problems['']}
        </p>
      </div>
      <div className="command-actions">
        <Button onClick={onBack}>Back</Button>
        <Button type="submit" variant="primary" disabled={isRunning}>
          {isRunning ? 'Running…' : 'Run'}
        </Button>
      </div>
    </form>
  )
}
