// A sample of code: to copy, and where it is a file of a workspace, to open as one.
import { Copy, FilePlus } from 'lucide-react'
import { freePath } from '#workspace'
import { toast } from 'sonner'
import { goTo } from '../shell/navigation.ts'
import { Button } from '../ui/button.tsx'
import { workspaceStore } from '../workspace/index.ts'

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast.success('Copied')
  } catch {
    toast.error('The browser did not allow to copy. Select the text and copy it by keys.')
  }
}

/** A new file beside what is there: nothing of the workspace is replaced. */
function openAsFile(path: string, text: string): void {
  try {
    const { files, create } = workspaceStore.getState()
    const free = freePath(path, files)
    create(free, `${text}\n`)
    goTo({ file: free })
    toast.success(`Made ${free}`)
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}

/** `info` is what stands behind the fence: `ts file=plugins/best-loss.ts`. */
export function CodeSample({ text, info }: { text: string; info: string }) {
  const path = /\bfile=(\S+)/.exec(info)?.[1]
  // A second project file would not be read.
  const isOwn = path !== undefined && !path.endsWith('plugboard.yaml')
  return (
    <figure className="help-code">
      <figcaption>
        <code>{path ?? info.split(' ')[0]}</code>
        <span className="help-code-actions">
          <Button variant="quiet" icon={<Copy size={13} />} onClick={() => void copy(text)}>
            Copy
          </Button>
          {isOwn ? (
            <Button
              variant="quiet"
              icon={<FilePlus size={13} />}
              onClick={() => openAsFile(path, text)}
            >
              Open as file
            </Button>
          ) : null}
        </span>
      </figcaption>
      <pre tabIndex={0}>{text}</pre>
    </figure>
  )
}
