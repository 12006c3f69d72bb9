// A snippet that shows this workspace in another page.
import { useEffect, useState } from 'react'
import { CopyField } from './copy-field.tsx'
import { linkToWorkspace } from './share.ts'

const PARTS = [
  { id: 'editor', title: 'Editor' },
  { id: 'charts', title: 'Charts' },
  { id: 'run', title: 'Run controls' },
] as const

function snippetOf(link: string, parts: readonly string[]): string {
  const address = new URL(link)
  address.searchParams.set('embed', parts.join())
  const src = address.href.replaceAll('%2C', ',').replaceAll('&', '&amp;').replaceAll('"', '%22')
  return `<iframe src="${src}" title="Plugboard" width="100%" height="480" loading="lazy" style="border: 1px solid #ccc; border-radius: 6px"></iframe>`
}

export function EmbedTab() {
  const [parts, setParts] = useState<readonly string[]>(['editor', 'charts', 'run'])
  const [link, setLink] = useState<string>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    linkToWorkspace().then(setLink, (error: unknown) =>
      setProblem(error instanceof Error ? error.message : String(error)),
    )
  }, [])
  if (problem !== undefined) return <p className="share-problem">{problem}</p>
  if (link === undefined) return null
  const snippet = snippetOf(link, parts)
  return (
    <>
      <fieldset className="share-checks">
        <legend>Shown in the frame</legend>
        {PARTS.map(({ id, title }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={parts.includes(id)}
              // With nothing to show there would be no frame.
              disabled={parts.length === 1 && parts.includes(id)}
              onChange={({ target }) =>
                setParts(
                  PARTS.map((part) => part.id).filter((part) =>
                    part === id ? target.checked : parts.includes(part),
                  ),
                )
              }
            />
            {title}
          </label>
        ))}
      </fieldset>
      <CopyField label="Snippet for a page" value={snippet} isLong />
      <p className="share-note">
        It holds the workspace as it is now, in {snippet.length.toLocaleString('en')} characters.
        Readers press Run themselves, and can open it in Plugboard.
      </p>
    </>
  )
}
