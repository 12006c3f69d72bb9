// Where the focus goes: in dialogs that begin with something to read, and from those that lead elsewhere.

/** Focuses the dialog itself, and not its first button, whose tooltip would open. */
export function focusDialog(event: Event): void {
  event.preventDefault()
  ;(event.currentTarget as HTMLElement).focus()
}

let following: (() => void) | undefined

/** Does `act`, which takes the focus, once the open dialog is gone: until then the dialog keeps the focus. */
export function afterDialog(act: () => void): void {
  following = act
}

/** For `onCloseAutoFocus`: goes where `afterDialog` leads, else back to what had the focus. */
export function leaveDialog(event: Event): void {
  const act = following
  following = undefined
  if (!act) return
  event.preventDefault()
  act()
}
