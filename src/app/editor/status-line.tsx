// Under the text: where the cursor is, what the Tab key does, whether the work is saved.
import { TAB_KEYS } from '../ui/keys.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'
import type { CursorPlace } from './code-view.ts'

const SAVING = { saved: 'Saved', pending: 'Saving…', failed: 'Not saved' } as const

function SaveState() {
  const saving = useWorkspace((state) => state.saving)
  const reason = useWorkspace((state) => state.saveError)
  return (
    <span className="editor-saving" data-state={saving} title={reason}>
      {SAVING[saving]}
      {reason !== undefined && `: ${reason}`}
    </span>
  )
}

export function StatusLine(props: {
  cursor: CursorPlace
  tabMoves: boolean
  onToggleTab: () => void
}) {
  const { cursor, tabMoves, onToggleTab } = props
  return (
    <footer className="editor-status">
      <SaveState />
      <button
        type="button"
        aria-pressed={tabMoves}
        title={`What the Tab key does in the text. Switch with ${TAB_KEYS}.`}
        onClick={onToggleTab}
      >
        <span aria-live="polite">{tabMoves ? 'Tab moves focus' : 'Tab indents'}</span>{' '}
        <kbd>{TAB_KEYS}</kbd>
      </button>
      <span>
        Ln {cursor.line}, Col {cursor.column}
      </span>
    </footer>
  )
}
