// What plugins saved for the user, newest first: to open and to download.
import { Download, FileText } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { session } from '../../session/page-session.ts'
import { type Artefact, isCopied } from '../../store/artefacts-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatBytes, formatTime } from '../../ui/format.ts'
import { late } from '../../ui/late.tsx'
import { download } from '../../ui/download.ts'
import './artefacts.css'

export const ArtefactViewer = late(
  async () => (await import('./artefact-viewer.tsx')).ArtefactViewer,
)

export function ArtefactList() {
  const artefacts = useEngineView((view) => view.artefacts)
  const [opened, setOpened] = useState<Artefact>()
  if (artefacts.size === 0) return null

  async function withBytes(name: string, act: (artefact: Artefact) => void): Promise<void> {
    const artefact = await session.artefact(name)
    if (artefact?.copy) act(artefact)
    else toast.error(`${name} is gone with the engine that held it.`)
  }

  return (
    <section className="artefacts" aria-label="Artefacts">
      <h2>
        Artefacts <span className="count">{artefacts.size}</span>
      </h2>
      <ul>
        {[...artefacts.values()].toReversed().map((artefact) => (
          <li key={artefact.name} className="artefact">
            <FileText size={14} aria-hidden="true" />
            <ArtefactName artefact={artefact} onOpen={() => withBytes(artefact.name, setOpened)} />
            <IconButton
              label={`Download ${artefact.name}`}
              className="artefact-button"
              icon={<Download size={14} />}
              disabled={isLost(artefact)}
              onClick={() =>
                void withBytes(artefact.name, ({ name, copy }) => download(name, copy!.bytes))
              }
            />
          </li>
        ))}
      </ul>
      {opened ? (
        <ArtefactViewer
          artefact={opened}
          onRefresh={() => void withBytes(opened.name, setOpened)}
          onClose={() => setOpened(undefined)}
        />
      ) : null}
    </section>
  )
}

/** Nothing of it is left. */
const isLost = ({ isGone, copy }: Artefact): boolean => isGone && !copy

function ArtefactName({ artefact, onOpen }: { artefact: Artefact; onOpen: () => Promise<void> }) {
  const { name, plugin, type, sizeBytes, savedAt } = artefact
  return (
    <div className="artefact-text">
      <button
        type="button"
        className="artefact-name"
        disabled={isLost(artefact)}
        onClick={() => void onOpen()}
      >
        <bdi>{name}</bdi>
      </button>
      <p className="artefact-facts numeric">
        {[formatBytes(sizeBytes), type, plugin, formatTime(savedAt).slice(0, 8)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {artefact.isGone ? <p className="artefact-gone">{goneText(artefact)}</p> : null}
    </div>
  )
}

function goneText(artefact: Artefact): string {
  const { copy } = artefact
  if (!copy) return 'Gone with the engine that held it.'
  if (isCopied(artefact)) return 'Its engine is gone; this page has a copy.'
  return `Its engine is gone; this page has it as it was at ${formatTime(copy.takenAt).slice(0, 8)} (${formatBytes(copy.bytes.length)}).`
}
