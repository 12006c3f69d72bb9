// Actions with keys that work wherever the focus is. Apart from all the others, which the palette brings.
import type { Action } from '../actions/action.ts'
import { showConfigAction } from '../config-form/form-actions.ts'
import { helpAction, keysAction } from '../help/help-actions.ts'
import { goToFileAction, paletteAction } from '../palette/palette-store.ts'
import { runAction } from '../session/run-actions.ts'

export const globalActions: readonly Action[] = [
  runAction,
  paletteAction,
  goToFileAction,
  showConfigAction,
  helpAction,
  keysAction,
]
