// Monaco in the page: plain text until it is loaded, so that nothing jumps and reading can begin at once.
import { useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { useWorkspace } from '../workspace/use-workspace.ts'
import type { CodeView, CursorPlace } from './code-view.ts'
import { libraryFiles } from './library.ts'
import { loadEditor } from './load.ts'
import { StatusLine } from './status-line.tsx'

type Phase = 'loading' | 'ready' | 'failed'

/** The active file as plain text. */
function PlainText() {
  const text = useWorkspace(({ active, files }) =>
    active === null ? undefined : (files.get(active) ?? libraryFiles.get(active)),
  )
  return (
    <pre className="editor-plain" tabIndex={0}>
      {typeof text === 'string' ? text : ''}
    </pre>
  )
}

function LoadFailed({ onRetry }: { onRetry: () => void }) {
  return (
    <div className="editor-note" role="alert" data-tone="error">
      <span>The editor could not be loaded. The text is shown to read; check the network.</span>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  )
}

export function CodeArea({ isShown }: { isShown: boolean }) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<CodeView>(null)
  const [phase, setPhase] = useState<Phase>('loading')
  const [attempt, setAttempt] = useState(1)
  const [cursor, setCursor] = useState<CursorPlace>({ line: 1, column: 1 })
  const [tabMoves, setTabMoves] = useState(false)

  useEffect(() => {
    let isGone = false
    const show = async (): Promise<void> => {
      const { createCodeView } = await loadEditor()
      if (isGone || !host.current) return
      view.current = createCodeView(host.current, { onCursor: setCursor, onTabMoves: setTabMoves })
      setPhase('ready')
    }
    show().catch(() => !isGone && setPhase('failed'))
    return () => {
      isGone = true
      view.current?.dispose()
      view.current = null
    }
  }, [attempt])

  const retry = (): void => {
    setPhase('loading')
    setAttempt(attempt + 1)
  }
  return (
    <div className="editor-code" hidden={!isShown}>
      {phase === 'failed' && <LoadFailed onRetry={retry} />}
      {phase !== 'ready' && <PlainText />}
      <div ref={host} className="editor-host" data-ready={phase === 'ready'} />
      <StatusLine
        cursor={cursor}
        tabMoves={tabMoves}
        onToggleTab={() => {
          view.current?.toggleTabKey()
          view.current?.focus()
        }}
      />
    </div>
  )
}
