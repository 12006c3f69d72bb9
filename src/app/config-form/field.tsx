// One setting: its name, what it is for, its control, what is wrong with it, and ways to its line and its default.
import { CornerDownRight, RotateCcw } from 'lucide-react'
import { type Path, PROJECT_FILE } from '#workspace'
import { type ReactNode, useId } from 'react'
import { goTo } from '../shell/navigation.ts'
import { IconButton } from '../ui/button.tsx'
import { form, resetAt, useConfig } from './config.ts'
import { keyOf } from './form-state.ts'
import { controlId, type FieldProps } from './props.ts'
import { useParts } from './parts.ts'

/** `batch_size` as `Batch size`. */
const inWords = (key: string | number): string => {
  const words = String(key).replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Kinds whose control has rows of its own, below the name. */
const isWide = (kind: string): boolean => kind === 'group' || kind === 'record' || kind === 'list'

export function Field(props: FieldProps) {
  const { path, schema, isRequired = false, label = inWords(path.at(-1) ?? '') } = props
  const { document, root, problems, isShown } = useConfig()
  const { ControlOf } = useParts()
  const id = useId()
  const known = form.resolved(schema, root)
  if (!isShown(path, known)) return null
  const control = form.controlOf(known, root)
  const value = form.valueAt(document.value, path)
  const isSet = form.isSetAt(document.value, path)
  const wrong = problems.get(keyOf(path)) ?? []
  const description = form.descriptionOf(known)
  const ids = { name: `${id}-name`, help: `${id}-help`, wrong: `${id}-wrong` }
  const describedBy = [description && ids.help, wrong.length > 0 && ids.wrong].filter(Boolean)
  return (
    <div
      id={keyOf(path)}
      className="config-field"
      role="group"
      aria-labelledby={ids.name}
      data-set={isSet}
      data-wide={isWide(control.kind)}
      data-wrong={wrong.length > 0}
    >
      <div className="config-about">
        <div className="config-name">
          <label id={ids.name} htmlFor={controlId(ids.name)} title={path.join('.')}>
            {label}
          </label>
          {isRequired && !isSet ? <span className="config-needed">needed</span> : null}
          <FieldActions path={path} label={label} isSet={isSet} isRequired={isRequired} />
        </div>
        {description === '' ? null : (
          <p id={ids.help} className="config-help">
            {description}
          </p>
        )}
      </div>
      <div className="config-control">
        <ControlOf
          path={path}
          schema={known}
          control={control}
          value={value}
          labelledBy={ids.name}
          describedBy={describedBy.join(' ')}
          isWrong={wrong.length > 0}
          isRequired={isRequired}
        />
        <Wrong id={ids.wrong} messages={wrong} />
      </div>
    </div>
  )
}

function Wrong({ id, messages }: { id: string; messages: readonly string[] }): ReactNode {
  if (messages.length === 0) return null
  return (
    <div id={id} className="config-wrong" role="alert">
      {messages.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </div>
  )
}

interface FieldActionsProps {
  path: Path
  label: string
  isSet: boolean
  isRequired: boolean
}

function FieldActions({ path, label, isSet, isRequired }: FieldActionsProps) {
  const { document } = useConfig()
  if (!isSet) return null
  return (
    <span className="config-actions">
      <IconButton
        label={`${label}: go to its line`}
        icon={<CornerDownRight size={13} />}
        onClick={() => goTo({ file: PROJECT_FILE, ...document.placeOf(path) })}
      />
      {isRequired ? null : (
        <IconButton
          label={`${label}: reset to default`}
          icon={<RotateCcw size={13} />}
          onClick={() => resetAt(path)}
        />
      )}
    </span>
  )
}
