// One data file: what is in it, and what can be done with it.
import { Download, FlaskConical, Replace, Trash2 } from 'lucide-react'
import { useRef } from 'react'
import { toast } from 'sonner'
import { type DataFile, fileOf, replaceDataFile } from '../../data/index.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format.ts'
import { useWorkspace } from '../../workspace/index.ts'
import { deleteFile } from '../../workspace/file-actions.ts'
import { download } from '../../ui/download.ts'
import { ErrorView } from '../error-view.tsx'
import { useChoices } from './choices.ts'
import { ImageView } from './image-view.tsx'
import { TableView } from './table-view.tsx'
import { TextView } from './text-view.tsx'
import { planFor, writeExperiment } from './use-in-experiment.ts'
import { type Findings, useInspection } from './use-inspection.ts'
import { withTypes } from './with-types.ts'

export function FileView({ file }: { file: DataFile }) {
  const workspace = useWorkspace(({ entry }) => entry?.id)
  const content = useWorkspace(({ files }) => files.get(file.path))
  const choiceKey = `${workspace} ${file.path}`
  const choices = useChoices(choiceKey)
  const inspection = useInspection(file, content, choices)
  const found =
    inspection.state === 'done'
      ? inspection.findings
      : inspection.state === 'busy'
        ? inspection.before
        : undefined
  const findings =
    found?.kind === 'table' ? { ...found, table: withTypes(found.table, choices.types) } : found
  const use = findings && planFor(file, findings, choices)
  return (
    <section className="data-file" aria-label={file.path}>
      <header className="data-head">
        <h2>
          <bdi>{file.path}</bdi> <span className="panel-muted">{formatBytes(file.sizeBytes)}</span>
        </h2>
        <Button
          variant="primary"
          icon={<FlaskConical size={14} />}
          disabled={!use || 'problem' in use}
          onClick={() => use && 'use' in use && void writeExperiment(use.use)}
        >
          Use in experiment
        </Button>
        <FileButtons file={file} />
      </header>
      {use && 'problem' in use ? <p className="data-note">{use.problem}</p> : null}
      {inspection.state === 'busy' ? <Busy share={inspection.share} /> : null}
      {inspection.state === 'failed' ? (
        <div className="data-note">
          <ErrorView info={inspection.error} />
        </div>
      ) : null}
      {findings ? (
        <Contents findings={findings} file={file} choices={choices} choiceKey={choiceKey} />
      ) : null}
    </section>
  )
}

function Contents({
  findings,
  ...rest
}: { findings: Findings } & Omit<Parameters<typeof TableView>[0], 'table'>) {
  if (findings.kind === 'table') return <TableView table={findings.table} {...rest} />
  if (findings.kind === 'images') return <ImageView images={findings.images} />
  return <TextView text={findings.text} />
}

const Busy = ({ share }: { share: number }) => (
  <div className="data-busy" role="status">
    <progress aria-label="Reading the file" value={share} />
    <span>Reading the file …</span>
  </div>
)

function FileButtons({ file: { path } }: { file: DataFile }) {
  const picker = useRef<HTMLInputElement>(null)
  async function save(): Promise<void> {
    try {
      const blob = await fileOf(path)
      if (blob) download(path, new Uint8Array(await blob.arrayBuffer()))
    } catch (error) {
      toast.error(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <span className="data-buttons">
      <IconButton
        label="Replace by another file"
        icon={<Replace size={14} />}
        onClick={() => picker.current?.click()}
      />
      <IconButton label="Download" icon={<Download size={14} />} onClick={() => void save()} />
      <IconButton label="Remove" icon={<Trash2 size={14} />} onClick={() => deleteFile(path)} />
      <input
        ref={picker}
        type="file"
        hidden
        onChange={({ target }) => {
          const [picked] = target.files ?? []
          if (picked) void replaceDataFile(path, picked)
          target.value = ''
        }}
      />
    </span>
  )
}
