// Under the text: where the cursor is, what the Tab key does, whether the work is saved.
import { useWorkspace } from '../workspace/use-workspace.ts'
import type { CursorPlace } from './code-view.ts'

const isMac = navigator.platform.startsWith('Mac')

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
  const keys = isMac ? 'Ctrl+Shift+M' : 'Ctrl+M'
  return (
    <footer className="editor-status">
      <SaveState />
      <button
        type="button"
        aria-pressed={tabMoves}
        title={`What the Tab key does in the text. Switch with ${keys}.`}
        onClick={onToggleTab}
      >
        <span aria-live="polite">{tabMoves ? 'Tab moves focus' : 'Tab indents'}</span>{' '}
        <kbd>{keys}</kbd>
      </button>
      <span>
        Ln {cursor.line}, Col {cursor.column}
      </span>
    </footer>
  )
}
