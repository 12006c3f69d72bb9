// Copies a link that holds the whole workspace, and shows it for browsers that won't copy.
import { encodeLink } from '#workspace'
import { Share2 } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { workspaceStore } from '../workspace/workspace.ts'
import './share.css'

type Shared =
  | { state: 'copied' | 'not-copied'; link: string }
  | { state: 'failed'; message: string }

/** The address of this page with the open workspace in its hash. Throws when it would be too long. */
function linkToWorkspace(): string {
  const { entry, files, active } = workspaceStore.getState()
  const isOwnFile = active !== null && files.has(active)
  const hash = encodeLink({
    name: entry?.name ?? 'shared',
    files,
    active: isOwnFile ? active : undefined,
  })
  return location.href.replace(/#.*$/, '') + hash
}

async function share(): Promise<Shared> {
  let link: string
  try {
    link = linkToWorkspace()
  } catch (error) {
    return { state: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
  try {
    await navigator.clipboard.writeText(link)
    return { state: 'copied', link }
  } catch {
    // No clipboard without permission or outside a secure context: the field below is there to copy from.
    return { state: 'not-copied', link }
  }
}

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
  const [shared, setShared] = useState<Shared | null>(null)
  const onOpenChange = (isOpen: boolean): void => {
    setShared(null)
    if (isOpen) void share().then(setShared)
  }
  return (
    <Popover.Root open={shared !== null} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>
        <Button icon={<Share2 size={14} aria-hidden />}>Share</Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="share-popover" align="end" sideOffset={6} collisionPadding={8}>
          {shared?.state === 'failed' && <p role="alert">{shared.message}</p>}
          {shared && shared.state !== 'failed' && (
            <SharedLink link={shared.link} isCopied={shared.state === 'copied'} />
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
