// Where the focus goes in dialogs that begin with something to read.

/** Focuses the dialog itself, and not its first button, whose tooltip would open. */
export function focusDialog(event: Event): void {
  event.preventDefault()
  ;(event.currentTarget as HTMLElement).focus()
}
