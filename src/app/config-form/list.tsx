// A list: its items in their order, each with ways to move it or take it out.
import { ArrowDown, ArrowUp, Pencil, Plus, X } from 'lucide-react'
import type { Path } from '#workspace'
import { Button, IconButton } from '../ui/button.tsx'
import { Adder } from './adder.tsx'
import { edit, form, setAt, useConfig } from './config.ts'
import { keyOf } from './form-state.ts'
import { useParts } from './parts.ts'
import type { ControlProps } from './props.ts'

/** Kinds that fit beside each other. */
const SHORT = new Set(['number', 'text', 'choice', 'any'])

export function List(props: ControlProps<'list'>) {
  const { path, schema, control, value, labelledBy } = props
  const { root } = useConfig()
  const { ControlOf } = useParts()
  const item = form.resolved(control.item, root)
  const itemControl = form.controlOf(item, root)
  if (value !== undefined && !Array.isArray(value))
    return <ControlOf {...props} control={{ kind: 'any' }} />
  const written: readonly unknown[] = Array.isArray(value) ? value : []
  const fallback = Array.isArray(schema['default']) ? (schema['default'] as unknown[]) : []
  const add = (first: unknown): void =>
    value === undefined
      ? setAt(path, [...fallback, first])
      : setAt([...path, written.length], first)
  return (
    <div className="config-list" data-short={SHORT.has(itemControl.kind)}>
      {value === undefined && fallback.length > 0 ? (
        <>
          <p className="config-help">{form.flow(fallback)} (default)</p>
          <Button
            variant="quiet"
            icon={<Pencil size={13} />}
            aria-describedby={labelledBy}
            onClick={() => setAt(path, fallback)}
          >
            Change
          </Button>
        </>
      ) : null}
      {written.map((each, index) => {
        const at = [...path, index]
        return (
          <Item key={index} path={at} index={index} count={written.length}>
            <ControlOf
              path={at}
              schema={item}
              control={itemControl}
              value={each ?? undefined}
              labelledBy={`${labelledBy} ${keyOf(at)}`}
              describedBy=""
              isWrong={false}
              isRequired
            />
          </Item>
        )
      })}
      {itemControl.kind === 'component' && itemControl.choices.length > 0 ? (
        <Adder labelledBy={labelledBy} choices={itemControl.choices} onAdd={add} />
      ) : (
        <Button
          variant="quiet"
          icon={<Plus size={13} />}
          aria-describedby={labelledBy}
          onClick={() => add(written.at(-1) ?? fallback.at(-1) ?? form.initialOf(item, root))}
        >
          Add
        </Button>
      )}
    </div>
  )
}

interface ItemProps {
  path: Path
  index: number
  count: number
  children: React.ReactNode
}

function Item({ path, index, count, children }: ItemProps) {
  const { problems } = useConfig()
  const wrong = problems.get(keyOf(path)) ?? []
  const before = [...path.slice(0, -1), index - 1]
  return (
    <div className="config-item">
      <span id={keyOf(path)} className="visually-hidden">
        item {index + 1}
      </span>
      <div className="config-item-body">
        {children}
        {wrong.map((message) => (
          <p key={message} className="config-wrong" role="alert">
            {message}
          </p>
        ))}
      </div>
      <span className="config-actions">
        {index === 0 ? null : (
          <IconButton
            label={`Move item ${index + 1} up`}
            icon={<ArrowUp size={13} />}
            onClick={() => edit((text) => form.swapWithNext(text, before))}
          />
        )}
        {index === count - 1 ? null : (
          <IconButton
            label={`Move item ${index + 1} down`}
            icon={<ArrowDown size={13} />}
            onClick={() => edit((text) => form.swapWithNext(text, path))}
          />
        )}
        <IconButton
          label={`Remove item ${index + 1}`}
          icon={<X size={13} />}
          onClick={() => edit((text) => form.removeValue(text, path))}
        />
      </span>
    </div>
  )
}
