// The editor: a row of tabs, what there is to say about the file, the text, and a line of status.
import { TabBar, tabId } from './tab-bar.tsx'
import { CodeArea } from './code-area.tsx'
import { FileBanner } from './file-banner.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { ActionTextButton } from '../actions/action-controls.tsx'
import { galleryAction } from '../gallery/gallery-actions.ts'
import { newPluginAction } from '../new-plugin/new-plugin-action.ts'
import { goToFileAction } from '../palette/palette-store.ts'
import './editor.css'

/** Shown while no file is open. */
function NoFile() {
  return (
    <div className="editor-empty">
      <p>No file is open. Choose one from the files, or begin with one of these:</p>
      <div className="editor-offers">
        <ActionTextButton action={goToFileAction}>Go to file…</ActionTextButton>
        <ActionTextButton action={newPluginAction}>New plugin…</ActionTextButton>
        <ActionTextButton action={galleryAction}>Examples and templates…</ActionTextButton>
      </div>
    </div>
  )
}

export function EditorPane() {
  const active = useWorkspace((state) => state.active)
  const isBinary = useWorkspace(
    ({ files }) => active !== null && files.get(active) instanceof Uint8Array,
  )
  const isText = active !== null && !isBinary
  return (
    <div className="editor-pane">
      <TabBar />
      {active !== null && <FileBanner path={active} />}
      <div
        id="editor-text"
        className="editor-body"
        {...(active !== null && { role: 'tabpanel', 'aria-labelledby': tabId(active) })}
      >
        {active === null && <NoFile />}
        <CodeArea isShown={isText} />
      </div>
    </div>
  )
}
