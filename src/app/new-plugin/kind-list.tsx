// The kinds of plugin, found by words and chosen by keys or pointer. The focus stays in the field.
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import type { PluginKind } from '#workspace'
import { type KindChoice, kindsFor } from './kinds.ts'

interface KindListProps {
  choices: readonly KindChoice[]
  chosen: PluginKind
  onChoose: (kind: PluginKind) => void
  /** The kind is settled: on to the name. */
  onSettle: () => void
}

export function KindList({ choices, chosen, onChoose, onSettle }: KindListProps) {
  const id = useId()
  const [query, setQuery] = useState('')
  const shown = kindsFor(choices, query)
  const place = shown.findIndex(({ kind }) => kind === chosen)
  const optionId = (kind: PluginKind): string => `${id}-${kind}`
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, chosen])

  function search(text: string): void {
    setQuery(text)
    const [best] = kindsFor(choices, text)
    if (best && text.trim() !== '') onChoose(best.kind)
  }
  const move = (to: number): void => {
    const next = shown[Math.min(Math.max(0, to), shown.length - 1)]
    if (next) onChoose(next.kind)
  }
  function onKeyDown(event: KeyboardEvent): void {
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(place + 1),
      ArrowUp: () => move(place - 1),
      PageDown: () => move(place + 6),
      PageUp: () => move(place - 6),
      Enter: onSettle,
    }
    const act = keys[event.key]
    if (!act || event.nativeEvent.isComposing) return
    event.preventDefault()
    act()
  }

  /** In groups while nothing is looked for; the best fit first otherwise. */
  const isGrouped = query.trim() === ''
  return (
    <div className="kinds">
      <input
        className="kinds-search"
        role="combobox"
        aria-label="Find a kind of plugin"
        placeholder="Find a kind: loss, chart, csv…"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={place < 0 ? undefined : optionId(chosen)}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={({ target }) => search(target.value)}
        onKeyDown={onKeyDown}
      />
      <ul className="kinds-list" role="listbox" id={id} aria-label="Kinds of plugin">
        {shown.map((choice, index) => (
          <KindRow
            key={choice.kind}
            id={optionId(choice.kind)}
            choice={choice}
            isChosen={choice.kind === chosen}
            startsGroup={isGrouped && choice.group !== shown[index - 1]?.group}
            onChoose={onChoose}
          />
        ))}
      </ul>
      <p className={shown.length === 0 ? 'kinds-none' : 'visually-hidden'} role="status">
        {shown.length === 0
          ? `No kind fits “${query}”. A callback can do whatever has none of its own.`
          : `${shown.length} kinds to choose from`}
      </p>
    </div>
  )
}

interface KindRowProps {
  id: string
  choice: KindChoice
  isChosen: boolean
  startsGroup: boolean
  onChoose: (kind: PluginKind) => void
}

function KindRow({ id, choice, isChosen, startsGroup, onChoose }: KindRowProps) {
  const { kind, group, what, icon: Icon } = choice
  return (
    <li
      id={id}
      role="option"
      aria-selected={isChosen}
      className="kind-row"
      data-group={startsGroup ? group : undefined}
      onClick={() => onChoose(kind)}
      onPointerDown={(event) => event.preventDefault()}
    >
      <Icon size={15} aria-hidden="true" />
      <span className="kind-name">{kind}</span>
      <span className="kind-what">{what}</span>
    </li>
  )
}
