// The button that copies a link, and shows it for browsers that won't copy.
import { Share2 } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Popover } from 'radix-ui'
import { useStore } from 'zustand'
import { closeShare, shareAction, sharing } from './share.ts'
import './share.css'

function SharedLink({ link, isCopied }: { link: string; isCopied: boolean }) {
  return (
    <>
      <p role="status">
        {isCopied
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
        Whoever opens it sees the code first; nothing runs before they press Run.
      </p>
    </>
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
          {shared && shared.state !== 'failed' && (
            <SharedLink link={shared.link} isCopied={shared.state === 'copied'} />
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
