// What keys are called on this computer.

/** Apple's keyboards: ⌘ takes the place of Ctrl. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

export const RUN_KEYS = isMac ? '⌘ ↵' : 'Ctrl ↵'

/** Switches what Tab does in the text; other editors and screen readers have the same. */
export const TAB_KEYS = isMac ? 'Ctrl+Shift+M' : 'Ctrl+M'
