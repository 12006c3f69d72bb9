// Settings under names of the author's own, such as the columns of a table.
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../ui/button.tsx'
import { edit, form, setAt, useConfig } from './config.ts'
import { useParts } from './parts.ts'
import type { ControlProps } from './props.ts'

export function RecordRows(props: ControlProps<'record'>) {
  const { path, control, value, labelledBy } = props
  const { root } = useConfig()
  const { ControlOf, Field } = useParts()
  const [name, setName] = useState('')
  if (value !== undefined && (typeof value !== 'object' || Array.isArray(value)))
    return <ControlOf {...props} control={{ kind: 'any' }} />
  const keys = Object.keys(Object(value) as object)
  const isNew = name.trim() !== '' && !keys.includes(name.trim())
  const add = (): void => {
    if (!isNew) return
    setAt([...path, name.trim()], form.initialOf(control.value, root))
    setName('')
  }
  return (
    <div className="config-group">
      {keys.map((key) => (
        <div key={key} className="config-item">
          <div className="config-item-body">
            <Field path={[...path, key]} schema={control.value} label={key} isRequired />
          </div>
          <IconButton
            label={`Remove ${key}`}
            icon={<X size={13} />}
            onClick={() => edit((text) => form.removeValue(text, [...path, key]))}
          />
        </div>
      ))}
      <div className="config-add">
        <input
          className="field"
          type="text"
          aria-label="Name of one more"
          aria-describedby={labelledBy}
          placeholder="name"
          spellCheck={false}
          value={name}
          onChange={({ target }) => setName(target.value)}
          onKeyDown={({ key }) => key === 'Enter' && add()}
        />
        <Button variant="quiet" icon={<Plus size={13} />} disabled={!isNew} onClick={add}>
          Add
        </Button>
      </div>
    </div>
  )
}
