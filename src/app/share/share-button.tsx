// The button that copies a link, and shows it for browsers that won't copy; with the way to everything else.
import { Share2 } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Popover } from 'radix-ui'
import { useStore } from 'zustand'
import { formatBytes, plural } from '../ui/format.ts'
import { openDialog, type ShareTab } from './dialog-store.ts'
import { closeShare, runSummary, type Shared, shareAction, shareLink, sharing } from './share.ts'
import './share.css'

function SharedLink({ link, state, held }: Exclude<Shared, { state: 'failed' }>) {
  const { files, sizeBytes, notes, hasSummary } = held
  return (
    <>
      <p role="status">
        {state === 'copied'
          ? `Link copied: ${link.length.toLocaleString('en')} characters hold the whole workspace.`
          : 'This browser does not let the page copy. Copy the link from here:'}
      </p>
      <input
        className="field"
        readOnly
        value={link}
        aria-label="Link to this workspace"
        onFocus={(event) => event.target.select()}
      />
      <p className="share-note">
        {plural(files, 'file')}, {formatBytes(sizeBytes)}.{' '}
        {notes.length === 0
          ? ''
          : `Of ${notes.join(', ')} only a note: a zip takes large data along. `}
        Runs, checkpoints and layout stay here. Whoever opens it sees the code first; nothing runs
        before they press Run.
      </p>
      {runSummary() === undefined ? null : (
        <label className="share-check">
          <input
            type="checkbox"
            checked={hasSummary}
            onChange={({ target }) => shareLink(target.checked)}
          />
          Add what the last run came to
        </label>
      )}
    </>
  )
}

const MORE: readonly { tab: ShareTab; title: string }[] = [
  { tab: 'plugin', title: 'One plugin' },
  { tab: 'package', title: 'Package' },
  { tab: 'embed', title: 'Embed' },
  { tab: 'files', title: 'Zip' },
]

function More() {
  return (
    <div className="share-more" role="group" aria-label="Other ways to share">
      {MORE.map(({ tab, title }) => (
        <Button
          key={tab}
          variant="quiet"
          onClick={() => {
            closeShare()
            openDialog({ kind: 'share', tab })
          }}
        >
          {title}…
        </Button>
      ))}
    </div>
  )
}

export function ShareButton() {
  const { shared } = useStore(sharing)
  const onOpenChange = (isOpen: boolean): void => {
    if (isOpen) shareAction.run()
    else closeShare()
  }
  return (
    <Popover.Root open={shared !== null} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>
        <Button icon={<Share2 size={14} aria-hidden />}>Share</Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="share-popover"
          aria-label="Share"
          align="end"
          sideOffset={6}
          collisionPadding={8}
        >
          {shared?.state === 'failed' && <p role="alert">{shared.message}</p>}
          {shared && shared.state !== 'failed' && <SharedLink {...shared} />}
          <More />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
