// What the page says about keeping work: that nothing is stored now, and that another tab has the workspace.
import { Copy, Download, HardDrive, PencilLine, RotateCw } from 'lucide-react'
import { Banner } from '../ui/feedback.tsx'
import { Button } from '../ui/button.tsx'
import { saveZipAction } from '../share/share-actions.ts'
import { spaceAction } from '../space/space-action.ts'
import { useWorkspace } from '../workspace/index.ts'
import { attempt } from '../workspace/workspace-actions.ts'
import { copyWorkspace, flushWorkspace, takeOver } from '../workspace/workspace.ts'

/** Shown while the open workspace is not stored. */
export function SaveNotice() {
  const saving = useWorkspace((state) => state.saving)
  const error = useWorkspace((state) => state.saveError)
  if (saving !== 'failed') return null
  return (
    <Banner
      tone="warning"
      title="Your edits are not being stored"
      actions={
        <>
          <Button icon={<RotateCw size={14} />} onClick={() => attempt(flushWorkspace())}>
            Try again
          </Button>
          <Button icon={<Download size={14} />} onClick={() => saveZipAction.run()}>
            Download
          </Button>
          <Button icon={<HardDrive size={14} />} onClick={() => spaceAction.run()}>
            Storage…
          </Button>
        </>
      }
    >
      <p>
        {error ?? 'The browser refused to store them.'} They stay in this tab, so do not close it.
        Storing is tried again on its own.
      </p>
    </Banner>
  )
}

/** Shown in a tab that may not change the workspace. */
export function OtherTabNotice() {
  const holder = useWorkspace((state) => state.holder)
  if (holder !== 'elsewhere') return null
  return (
    <Banner
      tone="info"
      title="This workspace is open in another tab"
      actions={
        <>
          <Button icon={<PencilLine size={14} />} onClick={() => attempt(takeOver())}>
            Take over
          </Button>
          <Button icon={<Copy size={14} />} onClick={() => attempt(copyWorkspace())}>
            Edit a copy
          </Button>
        </>
      }
    >
      <p>You see here what is saved there. Take over to edit in this tab; nothing gets lost.</p>
    </Banner>
  )
}
