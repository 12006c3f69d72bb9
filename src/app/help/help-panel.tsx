// Help: the authors' guide with its contents and a search, the reference, panels and keys.
import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useAppActions } from '../shell/app-actions.ts'
import { SearchField } from '../ui/controls.tsx'
import { helpSections } from './content.ts'
import { helpTarget } from './help-actions.ts'
import { Markdown } from './markdown.tsx'
import type { HelpSection } from './sections.ts'
import '../panels/panels.css'
import './help.css'

const domId = (id: string): string => `help-${id}`

export function HelpPanel() {
  const actions = useAppActions()
  const sections = useMemo(() => helpSections(actions), [actions])
  const [query, setQuery] = useState('')
  const body = useRef<HTMLDivElement>(null)
  const request = useStore(helpTarget, (state) => state.request)

  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = sections.filter(({ text }) => words.every((word) => text.includes(word)))

  const [led, setLed] = useState<typeof request>()
  if (request !== led) {
    setLed(request)
    setQuery('')
  }
  useEffect(() => {
    if (request) leadTo(request.section)
  }, [request])
  useEffect(() => {
    // In a block: newer browsers return a promise, which React would take for a clean-up.
    body.current?.scrollTo({ top: 0 })
  }, [query])

  return (
    <div className="panel-column">
      <div className="panel-bar">
        <SearchField label="Search the help" value={query} onChange={setQuery} />
        {query === '' ? null : (
          <span className="panel-muted" role="status">
            {shown.length} of {sections.length} sections
          </span>
        )}
      </div>
      <div className="help">
        <div className="help-parts">
          <Contents sections={shown} />
          <div className="help-body" ref={body} tabIndex={-1}>
            {shown.map((section) => (
              <Section key={`${section.id}-${section.depth}`} section={section} />
            ))}
            {shown.length > 0 ? null : <p className="panel-note">Nothing fits “{query}”.</p>}
          </div>
        </div>
      </div>
    </div>
  )
}

function leadTo(section: string): void {
  const heading = document.getElementById(domId(section))
  heading?.scrollIntoView({ block: 'start' })
  heading?.focus({ preventScroll: true })
}

function Contents({ sections }: { sections: readonly HelpSection[] }) {
  return (
    <nav className="help-contents" aria-label="Contents">
      <ul>
        {sections
          .filter(({ depth }) => depth < 3)
          .map(({ id, title, depth }) => (
            <li key={`${id}-${depth}`} data-depth={depth}>
              <button type="button" onClick={() => leadTo(id)}>
                {title}
              </button>
            </li>
          ))}
      </ul>
    </nav>
  )
}

function Section({ section: { id, title, depth, tokens } }: { section: HelpSection }) {
  const Heading = depth === 1 ? 'h2' : depth === 2 ? 'h3' : 'h4'
  return (
    <section>
      <Heading id={domId(id)} tabIndex={-1}>
        {title}
      </Heading>
      <Markdown tokens={tokens} />
    </section>
  )
}
