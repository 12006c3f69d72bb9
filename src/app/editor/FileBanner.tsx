// The line above the text: sources that are read-only, files that are no text.
import { toast } from 'sonner'
import { sizeOf } from '../workspace/files.ts'
import { isLibraryPath } from '../workspace/path.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { forkBuiltin, isBuiltinSource } from './library.ts'

function fork(path: string): void {
  try {
    const copy = forkBuiltin(path)
    toast.success(`${copy} stands in for the built-in plugin now.`)
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}

function ReadOnlyBanner({ path }: { path: string }) {
  if (!isBuiltinSource(path)) {
    return <div className="editor-note">Library source, to read only.</div>
  }
  return (
    <div className="editor-note">
      <span>Built-in plugin, to read only.</span>
      <button type="button" onClick={() => fork(path)}>
        Fork into workspace
      </button>
    </div>
  )
}

/** What is to be said about the file shown. */
export function FileBanner({ path }: { path: string }) {
  const content = useWorkspace(({ files }) => files.get(path))
  if (isLibraryPath(path)) return <ReadOnlyBanner path={path} />
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
