// A package from npm, an address, GitHub, the workspace or this computer: named, fetched when agreed to, looked at.
import { FileArchive, Globe } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
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
  const id = useId()
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

  const label =
    hosts === undefined ? 'Fetch' : hosts.length === 0 ? 'Look at it' : `Fetch from ${hosts[0]}`
  return (
    <div className="packages-elsewhere">
      <form
        className="share-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (hosts) void show(fetchRequest(request, hosts))
        }}
      >
        <label htmlFor={id}>
          Name on npm, address, github:owner/repo, or ./folder of this workspace
        </label>
        <input
          id={id}
          className="field"
          value={request}
          placeholder="plugboard-lion@^1"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-about`}
          onChange={({ target }) => {
            setRequest(target.value)
            setFailure(undefined)
          }}
        />
        <p
          id={`${id}-about`}
          className={problem === undefined ? 'share-note' : 'share-problem'}
          role="status"
        >
          {problem ??
            (hosts && hosts.length > 0
              ? `This asks ${hosts.join(' and ')}, which will see your network address.`
              : 'Nothing is installed before you have seen it.')}
        </p>
        <div className="share-row">
          <Button
            type="submit"
            variant="primary"
            icon={<Globe size={14} />}
            disabled={!hosts || isBusy}
          >
            {isBusy ? 'Fetching…' : label}
          </Button>
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
        </div>
      </form>
      {candidate ? <PackageLook candidate={candidate} onDone={() => undefined} /> : null}
    </div>
  )
}
