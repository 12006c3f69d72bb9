// The user's own data and the datasets there are: add files, look into them, train on them.
import { Database, FileText, FileUp, Images, Table2, TriangleAlert } from 'lucide-react'
import { type DragEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { addDataFiles, type DataFile, dataFilesOf, isHere, keptFiles } from '../../data/index.ts'
import { useEngineView } from '../../store/store.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { formatBytes } from '../../ui/format.ts'
import { useWorkspace } from '../../workspace/index.ts'
import { FileView } from './file-view.tsx'
import '../panels.css'
import './data.css'

const ICONS = { table: Table2, images: Images, text: FileText, other: Database } as const

export function DataPanel() {
  const files = useWorkspace((state) => state.files)
  const dataFiles = useMemo(() => dataFilesOf(files), [files])
  const [selected, setSelected] = useState<string>()
  const [isOver, setIsOver] = useState(false)
  const shown = dataFiles.find(({ path }) => path === selected) ?? dataFiles[0]

  const add = async (picked: readonly File[]): Promise<void> => {
    const added = await addDataFiles(picked)
    if (added[0] !== undefined) setSelected(added[0])
  }
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    void add([...event.dataTransfer.files])
  }
  return (
    <div
      className="data-panel"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <div className="data-parts">
        <nav className="data-list" aria-label="Data files">
          <AddButton onAdd={add} />
          {dataFiles.map((file) => (
            <FileRow
              key={file.path}
              file={file}
              isShown={file === shown}
              onShow={() => setSelected(file.path)}
            />
          ))}
          <Datasets />
        </nav>
        {shown ? (
          <FileView key={shown.path} file={shown} />
        ) : (
          <EmptyState icon={<Database size={22} />} title="Train on your own data">
            Add files or drop them here: CSV, TSV, JSON, JSON lines, text, or a zip of images with a
            folder for each class. Small ones become part of the workspace and its links, large ones
            stay in this browser.
          </EmptyState>
        )}
      </div>
    </div>
  )
}

function AddButton({ onAdd }: { onAdd: (picked: readonly File[]) => Promise<void> }) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button icon={<FileUp size={14} />} onClick={() => picker.current?.click()}>
        Add files
      </Button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          void onAdd([...(target.files ?? [])])
          target.value = ''
        }}
      />
    </>
  )
}

interface FileRowProps {
  file: DataFile
  isShown: boolean
  onShow: () => void
}

function FileRow({ file, isShown, onShow }: FileRowProps) {
  const Icon = ICONS[file.kind]
  const [isLost, setIsLost] = useState(false)
  const keptCount = useStore(keptFiles, ({ count }) => count)
  useEffect(() => {
    let isGone = false
    void isHere(file).then((here) => !isGone && setIsLost(!here))
    return () => {
      isGone = true
    }
  }, [file, keptCount])
  return (
    <button type="button" className="data-item" aria-current={isShown} onClick={onShow}>
      <Icon size={14} aria-hidden="true" />
      <span className="data-item-name">{file.path.slice('data/'.length)}</span>
      {isLost ? (
        <span className="data-item-lost" title="Not in this browser: add the file">
          <TriangleAlert size={13} aria-label="not here" role="img" />
        </span>
      ) : (
        <span className="data-item-size numeric">{formatBytes(file.sizeBytes)}</span>
      )}
    </button>
  )
}

/** Datasets of plugins, shipped ones and the user's own. */
function Datasets() {
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const datasets = plugins.flatMap(({ manifest }) =>
    manifest.provides.flatMap((each) => {
      const [kind, name] = each.split('/')
      return kind === 'dataset' && name !== undefined
        ? [{ name, description: manifest.description }]
        : []
    }),
  )
  if (datasets.length === 0) return null
  return (
    <details className="data-datasets">
      <summary>Datasets of plugins</summary>
      <dl>
        {datasets.map(({ name, description }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
