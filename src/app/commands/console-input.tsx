// The line below the console: a command with its arguments, completed, with those entered before.
import { ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { useIsEnabled } from '../actions/action.ts'
import { activateAction } from '../session/run-actions.ts'
import { useIsUntrusted } from '../session/trust.ts'
import { arePluginsUp } from '../store/engine-slice.ts'
import { useEngineView } from '../store/store.ts'
import { Button } from '../ui/button.tsx'
import { complete, type Completion } from './complete.ts'
import { enterLine } from './enter-line.ts'
import { walk } from './history.ts'
import './commands.css'

export function ConsoleInput() {
  const commands = useEngineView(({ engine }) => engine.commands)
  const areUp = useEngineView(({ engine }) => arePluginsUp(engine))
  const [line, setLine] = useState('')
  const [cursor, setCursor] = useState(0)
  /** Place in the list of completions, or -1; none is shown while it is undefined. */
  const [place, setPlace] = useState<number>()
  const [past, setPast] = useState<ReturnType<typeof walk>>()
  /** What came of the last line, for those who don't see the console. */
  const [said, setSaid] = useState('')
  const input = useRef<HTMLInputElement>(null)
  /** Where the cursor has to be once the line is written. */
  const wanted = useRef<number>(undefined)
  const listId = useId()
  const { start, options } = complete(line, cursor, commands)
  const isOpen = place !== undefined && options.length > 0
  const chosen = isOpen ? options[place] : undefined

  const put = (text: string, at = text.length): void => {
    setLine(text)
    setCursor(at)
    wanted.current = at
  }
  // Before the next key arrives.
  useLayoutEffect(() => {
    const at = wanted.current
    if (at !== undefined) input.current?.setSelectionRange(at, at)
    wanted.current = undefined
  })
  const accept = ({ text }: Completion): void => {
    // The next word begins, unless a value is to follow.
    const word = text.endsWith('=') ? text : `${text} `
    put(line.slice(0, start) + word + line.slice(cursor), start + word.length)
    setPlace(-1)
  }
  const recall = (step: 'back' | 'forth'): void => {
    const walking = past ?? walk(line)
    setPast(walking)
    put(walking[step]())
  }
  const move = (step: 1 | -1): void => {
    const next = (place ?? -1) + step
    setPlace(next < 0 ? options.length - 1 : next % options.length)
  }
  const enter = (): void => {
    void enterLine(line).then(setSaid)
    put('')
    setPast(undefined)
    setPlace(undefined)
  }
  const keys: Record<string, (() => void) | false> = {
    Enter: () => (chosen ? accept(chosen) : enter()),
    Tab: isOpen && (() => accept(chosen ?? options[0]!)),
    Escape: isOpen && (() => setPlace(undefined)),
    ArrowUp: () => (isOpen ? move(-1) : recall('back')),
    ArrowDown: () => (isOpen ? move(1) : recall('forth')),
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey
    const act = event.ctrlKey && event.key === ' ' ? () => setPlace(-1) : isPlain && keys[event.key]
    if (!act || event.nativeEvent.isComposing) return
    event.preventDefault()
    act()
  }

  return (
    <div className="console-input">
      {isOpen ? (
        <ul className="console-completions" role="listbox" id={listId} aria-label="Completions">
          {options.map((option, index) => (
            <li
              key={option.text}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === place}
              ref={(element) => {
                if (index === place) element?.scrollIntoView({ block: 'nearest' })
              }}
              // The focus stays in the line.
              onPointerDown={(event) => (event.preventDefault(), accept(option))}
            >
              <code>{option.label}</code>
              <span className="console-detail">{option.detail}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <ChevronRight size={14} aria-hidden="true" />
      <input
        ref={input}
        role="combobox"
        aria-label="Command"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={chosen ? `${listId}-${place}` : undefined}
        aria-autocomplete="list"
        placeholder={areUp ? 'A command of a plugin, or help' : 'Commands come up with plugins'}
        value={line}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={({ target }) => {
          setLine(target.value)
          setCursor(target.selectionStart ?? target.value.length)
          setPlace(target.value.trim() === '' ? undefined : -1)
          setPast(undefined)
        }}
        onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart ?? 0)}
        onKeyDown={onKeyDown}
        onBlur={() => setPlace(undefined)}
      />
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {areUp ? null : <ActivateButton />}
    </div>
  )
}

function ActivateButton() {
  const action = activateAction(useIsUntrusted())
  const isEnabled = useIsEnabled(action)
  return (
    <Button disabled={!isEnabled} title={action.hint} onClick={() => action.run()}>
      {action.title}
    </Button>
  )
}
