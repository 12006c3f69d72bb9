// A plugin that came by link: what it is, its files, what it would replace; added when the reader says so.
import { type Files, type LinkResult, PROJECT_FILE } from '#workspace'
import { useMemo, useState } from 'react'
import { toast } from 'sonner'
import { useLook } from '../packages/inspect.ts'
import { FileLook, LookView } from '../packages/look-view.tsx'
import { goTo } from '../shell/navigation.ts'
import { Button } from '../ui/button.tsx'
import { afterDialog } from '../ui/dialog.ts'
import { plural } from '../ui/format.ts'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { applyChanges } from './apply-changes.ts'
import { closeDialog } from './dialog-store.ts'
import { openAsNew } from './zip.ts'

export function PluginLook({ link }: { link: LinkResult }) {
  const shared = link.ok ? link.workspace : link.salvaged
  if (!shared) {
    return (
      <>
        <p className="share-problem" role="alert">
          {link.ok ? '' : link.message} Your own workspaces are untouched.
        </p>
        <div className="dialog-actions">
          <Button onClick={closeDialog}>Close</Button>
        </div>
      </>
    )
  }
  return (
    <>
      {link.ok ? null : (
        <p className="share-problem" role="alert">
          {link.message} {plural(shared.files.size, 'file')} could be saved; what is missing may
          keep it from working.
        </p>
      )}
      <PluginFiles name={shared.name} files={shared.files} active={shared.active} />
    </>
  )
}

interface PluginFilesProps {
  name: string
  files: Files
  active: string | undefined
}

function PluginFiles({ name, files, active }: PluginFilesProps) {
  const own = useWorkspace((state) => state.files)
  const entry = useWorkspace((state) => state.entry)
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set())
  const look = useLook(files, '')
  const conflicts = useMemo(
    () => [...files.keys()].filter((path) => own.has(path) && own.get(path) !== files.get(path)),
    [files, own],
  )
  const wanted = [...files].filter(([path]) => !conflicts.includes(path) || theirs.has(path))
  const news = wanted.filter(([path, content]) => own.get(path) !== content)

  function add(): void {
    try {
      const undo = applyChanges(new Map(news))
      closeDialog()
      if (active !== undefined) afterDialog(() => goTo({ file: active }))
      toast.success(`Added ${plural(news.length, 'file')} of ${name}`, {
        action: { label: 'Undo', onClick: undo },
      })
    } catch (error) {
      toast.error(error instanceof Error ? error.message : String(error))
    }
  }

  async function openNew(): Promise<void> {
    const all = files.has(PROJECT_FILE)
      ? files
      : new Map([[PROJECT_FILE, 'plugins:\n  use: {}\n'], ...files])
    await openAsNew(all, name, 'a link')
    closeDialog()
  }

  return (
    <>
      <p>
        Somebody else&rsquo;s code. It could compute, read the workspace&rsquo;s files and use your
        processor and graphics card; it could not reach the network or anything else of this
        browser. Nothing of it has run.
      </p>
      <LookView look={look} />
      <FileLook files={files} first={active} />
      {conflicts.length === 0 ? null : (
        <fieldset className="conflicts">
          <legend>Your workspace has other files of these names:</legend>
          {conflicts.map((path) => (
            <label key={path}>
              <input
                type="checkbox"
                checked={theirs.has(path)}
                onChange={({ target }) => {
                  const next = new Set(theirs)
                  if (target.checked) next.add(path)
                  else next.delete(path)
                  setTheirs(next)
                }}
              />
              Replace mine: <code>{path}</code>
            </label>
          ))}
        </fieldset>
      )}
      <div className="dialog-actions">
        <Button onClick={closeDialog}>Cancel</Button>
        <Button onClick={() => void openNew()}>Open as a new workspace</Button>
        <Button variant="primary" disabled={news.length === 0} onClick={add}>
          {news.length === 0 ? 'Nothing to add' : `Add to ${entry?.name ?? 'the workspace'}`}
        </Button>
      </div>
    </>
  )
}
