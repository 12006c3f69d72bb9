// A model, dataset, optimizer: chosen by name from what there is, with its own settings below.
import type { ComponentChoice } from '#workspace'
import { form, nameComponent, resetAt, useConfig } from './config.ts'
import { DraftInput } from './draft-input.tsx'
import { controlId, type ControlProps } from './props.ts'
import { useParts } from './parts.ts'

export function Component(props: ControlProps<'component'>) {
  const { path, schema, control, value, labelledBy, describedBy, isWrong, isRequired } = props
  const { root } = useConfig()
  const name = nameOf(value)
  const chosen = control.choices.find((choice) => choice.name === name)
  const names = {
    id: controlId(labelledBy),
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy === '' ? undefined : describedBy,
    'aria-invalid': isWrong,
  }
  const fallback = schema['default']
  const choose = (next: string): void => (next === '' ? resetAt(path) : nameComponent(path, next))
  return (
    <div className="config-component">
      {control.choices.length === 0 ? (
        <DraftInput {...names} text={name ?? ''} placeholder="name" onCommit={choose} />
      ) : (
        <select
          {...names}
          className="field"
          value={name ?? ''}
          onChange={({ target }) => choose(target.value)}
        >
          {isRequired && name !== undefined ? null : (
            <option value="">
              {typeof fallback === 'string' ? `${fallback} (default)` : 'not set'}
            </option>
          )}
          {name !== undefined && !chosen ? <option value={name}>{name} (not known)</option> : null}
          {control.choices.map((choice) => (
            <option key={choice.name} value={choice.name}>
              {choice.name}
            </option>
          ))}
        </select>
      )}
      {chosen ? <p className="config-help">{chosen.description}</p> : null}
      {name === undefined ? null : <Settings {...props} chosen={chosen} root={root} />}
    </div>
  )
}

/** The name, written alone or with settings. */
function nameOf(value: unknown): string | undefined {
  const name = typeof value === 'object' ? form.valueAt(value, ['name']) : value
  return typeof name === 'string' ? name : undefined
}

type SettingsProps = ControlProps<'component'> & {
  chosen: ComponentChoice | undefined
  root: Parameters<typeof form.resolved>[1]
}

function Settings({ path, value, chosen, root }: SettingsProps) {
  const { Field } = useParts()
  const at = [...path, 'config']
  const isWritten = form.valueAt(value, ['config']) !== undefined
  if (chosen?.config) {
    const control = form.controlOf(form.resolved(chosen.config, root), root)
    if (control.kind !== 'group') return <Field path={at} schema={chosen.config} label="Settings" />
    return (
      <div className="config-group config-inner">
        {control.entries.map(({ key, schema, isRequired }) => (
          <Field key={key} path={[...at, key]} schema={schema} isRequired={isRequired} />
        ))}
      </div>
    )
  }
  if (isWritten) return <Field path={at} schema={{}} label="Settings" />
  return null
}
