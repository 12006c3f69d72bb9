// The editor: a row of tabs, the text, and a line of status.
import './editor.css'

export function EditorPane() {
  return <section className="editor-pane" aria-label="Editor" />
}
