// The difference of one file, in Monaco once that is loaded.
import type { FileContent } from '#workspace'
import { useEffect, useRef, useState } from 'react'
import type { DiffView } from '../editor/diff-view.ts'
import { loadEditor } from '../editor/load.ts'
import { formatBytes } from '../ui/format.ts'

interface TextDiffProps {
  path: string
  before: FileContent | undefined
  after: FileContent | undefined
}

export function TextDiff({ path, before = '', after = '' }: TextDiffProps) {
  const host = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<DiffView>()
  const [failure, setFailure] = useState<string>()
  const isText = typeof before === 'string' && typeof after === 'string'

  useEffect(() => {
    let made: DiffView | undefined
    let isGone = false
    loadEditor().then(
      ({ createDiffView }) => {
        if (!isGone && host.current) setView((made = createDiffView(host.current)))
      },
      (error: unknown) => !isGone && setFailure(String(error)),
    )
    return () => {
      isGone = true
      made?.dispose()
    }
  }, [])
  useEffect(() => {
    if (typeof before === 'string' && typeof after === 'string')
      view?.show({ path, original: before, modified: after })
  }, [view, path, before, after])

  return (
    <>
      {failure !== undefined && <p role="alert">The editor could not be loaded: {failure}</p>}
      {!isText && (
        <p className="history-note">
          {path} is no text: {formatBytes(before.length)} before, {formatBytes(after.length)} after.
        </p>
      )}
      <div ref={host} className="history-diff" hidden={!isText} />
    </>
  )
}
