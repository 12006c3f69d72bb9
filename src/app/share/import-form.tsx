// Opens a workspace from elsewhere: an address, which names the host before it is asked, a zip, a folder.
import { loadRemote, type RemoteAddress } from '#workspace'
import { FileArchive, FolderOpen } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { toast } from 'sonner'
import { Button } from '../ui/button.tsx'
import { AddressForm, askedHosts } from './address-form.tsx'
import { closeDialog } from './dialog-store.ts'
import type * as Folder from './folder.ts'
import { networkOf } from './network.ts'
import { openArchive, openAsNew } from './zip.ts'

type Parsed = { address: RemoteAddress } | { problem: string } | undefined

/** What a text leads to; nothing while it is empty. */
function useAddress(text: string): Parsed {
  const [parsed, setParsed] = useState<Parsed>()
  useEffect(() => {
    let isGone = false
    void loadRemote().then(({ parseAddress }) => {
      if (isGone) return
      try {
        setParsed(text.trim() === '' ? undefined : { address: parseAddress(text) })
      } catch (error) {
        setParsed({ problem: (error as Error).message })
      }
    })
    return () => {
      isGone = true
    }
  }, [text])
  return parsed
}

export function ImportForm({ address: given = '' }: { address?: string | undefined }) {
  const [text, setText] = useState(given)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const parsed = useAddress(text)
  const address = parsed && 'address' in parsed ? parsed.address : undefined
  const problem = failure ?? (parsed && 'problem' in parsed ? parsed.problem : undefined)

  async function fetchIt(): Promise<void> {
    if (!address) return
    setBusy(true)
    setFailure(undefined)
    try {
      const { fetchWorkspace } = await loadRemote()
      const files = await fetchWorkspace(networkOf(address.hosts), address.source)
      await openAsNew(files, address.name, address.hosts[0]!)
      closeDialog()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <AddressForm
      label="Address of a gist, a GitHub folder, a zip or a file"
      placeholder="https://gist.github.com/…"
      value={text}
      onChange={(value) => {
        setText(value)
        setFailure(undefined)
      }}
      problem={problem}
      note={
        address
          ? `${askedHosts(address.hosts)} What comes opens as a new workspace; nothing of it runs until you press Run.`
          : 'Your own workspaces stay as they are.'
      }
      hosts={address?.hosts}
      isBusy={isBusy}
      onFetch={() => void fetchIt()}
      head={
        given === '' ? null : (
          <p>A link asks to open a workspace from this address. Nothing has been fetched yet.</p>
        )
      }
    >
      <ZipButton />
      <FolderButton />
    </AddressForm>
  )
}

function ZipButton() {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button icon={<FileArchive size={14} />} onClick={() => input.current?.click()}>
        Open a zip…
      </Button>
      <input
        ref={input}
        type="file"
        accept=".zip,.tgz,.gz"
        hidden
        aria-label="Zip of a workspace"
        onChange={({ target }) => {
          const [file] = target.files ?? []
          if (!file) return
          closeDialog()
          void openArchive(file)
        }}
      />
    </>
  )
}

function FolderButton() {
  const input = useRef<HTMLInputElement>(null)
  const open = (act: (folder: typeof Folder) => Promise<void>): void => {
    import('./folder.ts').then(act).then(closeDialog, (error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') return
      toast.error(error instanceof Error ? error.message : String(error))
    })
  }
  const onClick = (): void =>
    'showDirectoryPicker' in globalThis
      ? open(({ openFolder }) => openFolder())
      : input.current?.click()
  return (
    <>
      <Button icon={<FolderOpen size={14} />} onClick={onClick}>
        Open a folder…
      </Button>
      <input
        ref={(element) => {
          input.current = element
          element?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        hidden
        aria-label="Folder of a workspace"
        onChange={({ target }) => open(({ openPicked }) => openPicked([...(target.files ?? [])]))}
      />
    </>
  )
}
