// Shows what files of somebody else bring: manifests and problems, and the files themselves, as text.
import type { FileContent, Files } from '#workspace'
import { useState } from 'react'
import { formatBytes } from '../ui/format.ts'
import type { Look } from './inspect.ts'

export function LookView({ look }: { look: Look | { failure: string } | undefined }) {
  if (!look)
    return (
      <p className="share-note" role="status">
        Reading its manifests…
      </p>
    )
  if ('failure' in look)
    return (
      <p className="share-problem" role="alert">
        {look.failure}
      </p>
    )
  return (
    <>
      <ul className="look-plugins" aria-label="Plugins in it">
        {look.plugins.map(({ manifest, replacesBuiltin }) => {
          const needs = Object.entries(manifest.requires).map(([what, range]) => `${what} ${range}`)
          return (
            <li key={manifest.name}>
              <strong>{manifest.name}</strong> {manifest.version} · {manifest.category}
              {manifest.author === undefined ? null : ` · by ${manifest.author}`}
              {replacesBuiltin ? ' · stands in for the built-in of this name' : null}
              {manifest.description === '' ? null : <> — {manifest.description}</>}
              {needs.length === 0 ? null : <> (requires {needs.join(', ')})</>}
            </li>
          )
        })}
      </ul>
      {look.problems.length === 0 ? null : (
        <ul className="look-problems" aria-label="Problems">
          {look.problems.map(({ message, hint }) => (
            <li key={message}>
              {message}
              {hint === undefined ? null : <span className="share-note"> {hint}</span>}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

const isShown = (content: FileContent | undefined): content is string => typeof content === 'string'

/** Longest text shown of a file, in characters. */
const MAX_SHOWN = 50_000

/** Every file, one of them to read. */
export function FileLook({ files, first }: { files: Files; first: string | undefined }) {
  const [chosen, setChosen] = useState(first)
  const path = chosen !== undefined && files.has(chosen) ? chosen : ([...files.keys()][0] ?? '')
  const content = files.get(path)
  return (
    <details className="look-files">
      <summary>Read its {files.size} files before you take it</summary>
      <select
        className="field"
        aria-label="File to read"
        value={path}
        onChange={({ target }) => setChosen(target.value)}
      >
        {[...files].map(([each, { length }]) => (
          <option key={each} value={each}>
            {each} ({formatBytes(length)})
          </option>
        ))}
      </select>
      <pre tabIndex={0} aria-label={`Text of ${path}`}>
        {isShown(content) ? content.slice(0, MAX_SHOWN) : 'This file is no text.'}
      </pre>
    </details>
  )
}
