// Keys that do something wherever the focus is.
import { useEffect } from 'react'
import { isPressed } from '../ui/keys.ts'
import { type Action, isEnabled } from './action.ts'

const isCommand = ({ ctrlKey, metaKey }: KeyboardEvent): boolean => ctrlKey || metaKey

/** Whether the key would write a letter. */
const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest('input, textarea, select, .monaco-editor') !== null

/** Follows the keys of `actions`, before the editor sees them. `actions` must not change. */
export function useShortcuts(actions: readonly Action[]): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actions.find(({ keys = [] }) => keys.some((each) => isPressed(each, event)))
      if (!action || (event.key.length === 1 && !isCommand(event) && isTyping(event))) return
      // Also when it cannot be done now: the browser's own meaning of the keys would surprise.
      event.preventDefault()
      event.stopPropagation()
      if (!event.repeat && isEnabled(action)) action.run()
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [actions])
}
