// The line above the text: sources that are read-only, files that are no text.
import { isLibraryPath, pointerOf, sizeOf } from '#workspace'
import { Button } from '../ui/button.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { fork } from './fork.ts'
import { isBuiltinSource } from './library.ts'

function ReadOnlyBanner({ path }: { path: string }) {
  if (!isBuiltinSource(path)) {
    return <div className="editor-note">Library source, to read only.</div>
  }
  return (
    <div className="editor-note">
      <span>Built-in plugin, to read only.</span>
      <Button onClick={() => fork(path)}>Fork into workspace</Button>
    </div>
  )
}

/** What is to be said about the file shown. */
export function FileBanner({ path }: { path: string }) {
  const content = useWorkspace(({ files }) => files.get(path))
  if (isLibraryPath(path)) return <ReadOnlyBanner path={path} />
  if (pointerOf(content)) {
    return (
      <div className="editor-note">
        A note of a large data file, which stays in this browser. The panel Data shows what is in
        it.
      </div>
    )
  }
  if (!(content instanceof Uint8Array)) return null
  return (
    <div className="editor-note">
      <span>
        {path} holds {sizeOf(content).toLocaleString('en')} bytes that are no text. Plugins read it
        with <code>ctx.asset('{path}')</code>.
      </span>
    </div>
  )
}
