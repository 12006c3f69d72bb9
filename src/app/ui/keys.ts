// Keys: what they are called on this computer, and whether an event is theirs.

/** Apple's keyboards: ⌘ takes the place of Ctrl. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Keys as actions name them: modifiers before the key, `Mod+Shift+P`. `Mod` is Ctrl, or ⌘ with Apple. */
export type Keys = string

const NAMES: Readonly<Record<string, string>> = isMac
  ? { Mod: '⌘', Shift: '⇧', Enter: '↵' }
  : { Mod: 'Ctrl', Enter: '↵' }

/** `Ctrl Shift P`, `⇧ ⌘ P`. */
export function keysText(keys: Keys): string {
  const names = keys.split('+').map((key) => NAMES[key] ?? key)
  if (!isMac) return names.join(' ')
  const order = ['⇧', '⌘']
  return [...order.filter((name) => names.includes(name)), names.at(-1)!].join(' ')
}

/** True for an event of just these keys. */
export function isPressed(keys: Keys, event: KeyboardEvent): boolean {
  const parts = keys.split('+')
  // Other alphabets: the place of the key tells.
  const pressed = /^[\u0021-\u007E]$/.test(event.key) ? event.key : nameOf(event)
  // With Apple, Ctrl and a letter edit text.
  const mod = event.metaKey || (event.ctrlKey && !(isMac && pressed.length === 1))
  return (
    pressed.toLowerCase() === parts.at(-1)!.toLowerCase() &&
    mod === parts.includes('Mod') &&
    event.shiftKey === parts.includes('Shift') &&
    !event.altKey
  )
}

const nameOf = ({ key, code }: KeyboardEvent): string =>
  key.length === 1 ? code.replace(/^Key/, '') : key

/** Switches what Tab does in the text; other editors and screen readers have the same. */
export const TAB_KEYS = isMac ? 'Ctrl+Shift+M' : 'Ctrl+M'
