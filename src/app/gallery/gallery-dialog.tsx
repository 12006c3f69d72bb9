// All examples with pictures, and templates to begin with; each opens as a workspace of its own.
import {
  Clock,
  FileSpreadsheet,
  FileText,
  Images,
  type LucideIcon,
  SquareDashed,
  X,
} from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useTheme } from '../shell/theme.ts'
import { IconButton } from '../ui/button.tsx'
import { SearchField } from '../ui/controls.tsx'
import { attempt } from '../workspace/workspace-actions.ts'
import { type Example, examples } from '../workspace/examples.ts'
import { openExample, workspaceStore } from '../workspace/workspace.ts'
import { descriptionOf } from './descriptions.ts'
import { entries, type GalleryEntry } from './entries.ts'
import { gallery } from './gallery-actions.ts'
import { type Starter, starters } from './starters.ts'
import './gallery.css'

const close = (): void => gallery.setState({ isOpen: false })

const STARTER_ICONS: Readonly<Record<string, LucideIcon>> = {
  table: FileSpreadsheet,
  text: FileText,
  images: Images,
}

export function GalleryDialog() {
  return (
    <Dialog.Root open onOpenChange={close}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-overlay" />
        <Dialog.Content className="dialog gallery" aria-describedby={undefined}>
          <Gallery />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const hasWords = (words: readonly string[], ...texts: string[]): boolean => {
  const all = texts.join(' ').toLowerCase()
  return words.every((word) => all.includes(word))
}

function Gallery() {
  const [query, setQuery] = useState('')
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = Object.entries(entries).flatMap(([name, entry]) => {
    const example = examples.find((each) => each.name === name)
    if (!example) return []
    const { title, level, teaches, tags } = entry
    const isFound = hasWords(
      words,
      name,
      title,
      level,
      teaches,
      ...tags,
      descriptionOf(example.name),
    )
    return isFound ? [{ example, entry }] : []
  })
  const begun = starters.filter(({ title, description, tags }) =>
    hasWords(words, title, description, 'template', ...tags),
  )
  return (
    <>
      <div className="gallery-head">
        <Dialog.Title>Examples and templates</Dialog.Title>
        <SearchField label="Find by word or tag" value={query} onChange={setQuery} />
        <Dialog.Close asChild>
          <IconButton label="Close" icon={<X size={16} />} />
        </Dialog.Close>
      </div>
      <p className="gallery-note">
        Each opens as a workspace of its own; those you have stay as they are.
      </p>
      <div className="gallery-body" tabIndex={-1}>
        {begun.length > 0 ? <h3>Start with your own</h3> : null}
        <ul className="gallery-starters">
          {begun.map((starter) => (
            <StarterCard key={starter.name} starter={starter} />
          ))}
        </ul>
        {shown.length > 0 ? <h3>Examples</h3> : null}
        <ul className="gallery-cards">
          {shown.map(({ example, entry }) => (
            <ExampleCard key={example.name} example={example} entry={entry} onTag={setQuery} />
          ))}
        </ul>
        {shown.length + begun.length > 0 ? null : <p role="status">Nothing fits “{query}”.</p>}
      </div>
    </>
  )
}

function StarterCard({ starter }: { starter: Starter }) {
  const { name, title, description, files } = starter
  const Icon = STARTER_ICONS[name] ?? SquareDashed
  const open = (): void => {
    close()
    attempt(workspaceStore.getState().newWorkspace({ name, origin: { kind: 'own' }, files }))
  }
  return (
    <li className="gallery-starter">
      <Icon size={18} aria-hidden="true" />
      <div>
        <button type="button" className="gallery-open" onClick={open}>
          {title}
        </button>
        <p>{description}</p>
      </div>
    </li>
  )
}

interface ExampleCardProps {
  example: Example
  entry: GalleryEntry
  onTag: (tag: string) => void
}

function ExampleCard({ example, entry, onTag }: ExampleCardProps) {
  const theme = useTheme()
  const { title, level, time, teaches, tags, pictured } = entry
  const open = (): void => {
    close()
    attempt(openExample(example))
  }
  return (
    <li className="gallery-card">
      <img
        src={`./gallery/${example.name}-${theme}.webp`}
        width={640}
        height={400}
        loading="lazy"
        alt={`The panel ${pictured} after a run`}
      />
      <div className="gallery-text">
        <button type="button" className="gallery-open" onClick={open}>
          {title}
        </button>
        <p>{descriptionOf(example.name)}</p>
        <p className="gallery-teaches">Teaches {teaches}.</p>
        <p className="gallery-facts">
          <span className="chip">{level}</span>
          <span className="chip">
            <Clock size={11} aria-hidden="true" /> {time}
          </span>
          {tags.map((tag) => (
            <button key={tag} type="button" className="gallery-tag" onClick={() => onTag(tag)}>
              {tag}
            </button>
          ))}
        </p>
      </div>
    </li>
  )
}
