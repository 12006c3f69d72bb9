// A package from npm, an address, GitHub, the workspace or this computer: named, fetched when agreed to, looked at.
import { FileArchive } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { AddressForm, askedHosts } from '../share/address-form.tsx'
import { Button } from '../ui/button.tsx'
import { type Candidate, fetchRequest, hostsFor, readFileAsPackage } from './fetch-package.ts'
import { PackageLook } from './package-look.tsx'

type Asked = { hosts: string[] } | { problem: string } | undefined

/** What fetching a request would ask. */
function useHosts(request: string): Asked {
  const [asked, setAsked] = useState<{ request: string; answer: Asked }>()
  useEffect(() => {
    let isGone = false
    const tell = (answer: Asked) => !isGone && setAsked({ request, answer })
    if (request.trim() !== '') {
      hostsFor(request).then(
        (hosts) => tell({ hosts }),
        (error: unknown) => tell({ problem: (error as Error).message }),
      )
    }
    return () => {
      isGone = true
    }
  }, [request])
  return asked?.request === request ? asked.answer : undefined
}

export function Elsewhere({ archive }: { archive: File | undefined }) {
  const [request, setRequest] = useState('')
  const [candidate, setCandidate] = useState<Candidate>()
  const [failure, setFailure] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const asked = useHosts(request)
  const hosts = asked && 'hosts' in asked ? asked.hosts : undefined
  const problem = failure ?? (asked && 'problem' in asked ? asked.problem : undefined)

  const settle = (fetching: Promise<Candidate>): Promise<void> =>
    fetching
      .then(setCandidate, (error: unknown) => {
        setCandidate(undefined)
        setFailure(error instanceof Error ? error.message : String(error))
      })
      .finally(() => setBusy(false))
  async function show(fetching: Promise<Candidate>): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    await settle(fetching)
  }
  useEffect(() => {
    if (archive) void settle(readFileAsPackage(archive))
  }, [archive])

  return (
    <div className="packages-elsewhere">
      <AddressForm
        label="Name on npm, address, github:owner/repo, or ./folder of this workspace"
        placeholder="plugboard-lion@^1"
        value={request}
        onChange={(value) => {
          setRequest(value)
          setFailure(undefined)
        }}
        problem={problem}
        note={
          hosts && hosts.length > 0
            ? askedHosts(hosts)
            : 'Nothing is installed before you have seen it.'
        }
        hosts={hosts}
        localLabel="Look at it"
        isBusy={isBusy}
        onFetch={() => hosts && void show(fetchRequest(request, hosts))}
      >
        <Button icon={<FileArchive size={14} />} onClick={() => input.current?.click()}>
          Open a .tgz or .zip…
        </Button>
        <input
          ref={input}
          type="file"
          accept=".tgz,.gz,.zip"
          hidden
          aria-label="Archive of a package"
          onChange={({ target }) => {
            const [file] = target.files ?? []
            if (file) void show(readFileAsPackage(file))
            target.value = ''
          }}
        />
      </AddressForm>
      {candidate ? <PackageLook candidate={candidate} onDone={() => undefined} /> : null}
    </div>
  )
}
