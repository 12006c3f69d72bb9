// A list of actions to search and to choose from, by keys or pointer.
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { type Action, isEnabled, useIsEnabled } from '../actions/action.ts'
import { keysText } from '../ui/keys.ts'
import { ranked } from './rank.ts'

interface ActionListProps {
  label: string
  actions: readonly Action[]
  onChoose: (action: Action) => void
  /** Above the list: what is missing in it. */
  children?: ReactNode
}

/** Rows that Page Up and Page Down leap over. */
const PAGE = 8

export function ActionList({ label, actions, onChoose, children }: ActionListProps) {
  const [query, setQuery] = useState('')
  /** The chosen one stays chosen when others come or go. */
  const [chosenId, setChosenId] = useState<string>()
  const listId = useId()
  const field = useRef<HTMLInputElement>(null)
  // It may come later than the dialog that it stands in.
  useEffect(() => field.current?.focus(), [])
  const shown = useMemo(() => ranked(actions, query), [actions, query])
  const place = Math.max(
    0,
    shown.findIndex(({ id }) => id === chosenId),
  )
  const chosen = shown[place]
  const optionId = (action: Action) => `${listId}-${action.id}`

  const choose = (action: Action | undefined): void => {
    if (action && isEnabled(action)) onChoose(action)
  }
  const move = (to: number): void => setChosenId(shown.at(to % shown.length)?.id)
  const leap = (to: number): void => move(Math.min(Math.max(0, to), shown.length - 1))
  const onKeyDown = (event: KeyboardEvent): void => {
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(place + 1),
      ArrowUp: () => move(place - 1),
      PageDown: () => leap(place + PAGE),
      PageUp: () => leap(place - PAGE),
      Enter: () => choose(chosen),
    }
    const act = keys[event.key]
    if (!act || event.nativeEvent.isComposing) return
    event.preventDefault()
    act()
  }

  return (
    <>
      <input
        ref={field}
        className="palette-input"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={chosen ? optionId(chosen) : undefined}
        aria-autocomplete="list"
        placeholder={label}
        value={query}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => {
          setQuery(target.value)
          setChosenId(undefined)
        }}
        onKeyDown={onKeyDown}
      />
      {children}
      <ul className="palette-list" role="listbox" id={listId} aria-label={label}>
        {shown.map((action) => (
          <ActionRow
            key={action.id}
            id={optionId(action)}
            action={action}
            isChosen={action === chosen}
            onChoose={choose}
          />
        ))}
      </ul>
      <p className={shown.length === 0 ? 'palette-none' : 'visually-hidden'} role="status">
        {shown.length === 0 ? 'Nothing fits.' : `${shown.length} to choose from`}
      </p>
    </>
  )
}

interface ActionRowProps {
  id: string
  action: Action
  isChosen: boolean
  onChoose: (action: Action) => void
}

function ActionRow({ id, action, isChosen, onChoose }: ActionRowProps) {
  const { title, hint, group, icon: Icon, keys: [keys] = [] } = action
  const canRun = useIsEnabled(action)
  useEffect(() => {
    if (isChosen) document.getElementById(id)?.scrollIntoView({ block: 'nearest' })
  }, [id, isChosen])
  return (
    <li
      id={id}
      role="option"
      className="palette-row"
      aria-selected={isChosen}
      aria-disabled={!canRun}
      onClick={() => onChoose(action)}
      // The focus stays in the field.
      onPointerDown={(event) => event.preventDefault()}
    >
      <span className="palette-icon">{Icon ? <Icon size={15} aria-hidden="true" /> : null}</span>
      <span className="palette-text">
        <span className="palette-title">{title}</span>
        {hint === undefined ? null : <span className="palette-hint">{hint}</span>}
      </span>
      <span className="palette-group">{group}</span>
      {keys === undefined ? null : <kbd className="palette-keys">{keysText(keys)}</kbd>}
    </li>
  )
}
