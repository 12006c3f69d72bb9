// Large data sets of the examples: their size before they are downloaded, for visits without a network.
import { Download, LoaderCircle, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { forgetLargeFile, keepLargeFile, type LargeData, largeData } from '../offline/large-data.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes } from '../ui/format.ts'

const nameOf = (path: string): string =>
  path
    .slice('data/'.length)
    .replace(/\.(?:txt|idx[13])?\.?(?:gzip|json)$/, '')
    .replaceAll('-', ' ')

export function LargeDataList() {
  const [files, setFiles] = useState<readonly LargeData[]>([])
  const [busy, setBusy] = useState<string>()
  const [failure, setFailure] = useState<string>()
  const look = (): Promise<void> => largeData().then(setFiles)
  const tell = (error: unknown): void =>
    setFailure(error instanceof Error ? error.message : String(error))
  useEffect(() => void look().catch(tell), [])
  if (files.length === 0) return failure === undefined ? null : <p role="alert">{failure}</p>

  async function act(file: LargeData): Promise<void> {
    setBusy(file.path)
    setFailure(undefined)
    try {
      await (file.isKept ? forgetLargeFile(file) : keepLargeFile(file))
      await look()
    } catch (error) {
      tell(error)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <section className="space-data" aria-label="Large data of examples">
      <p className="space-note">Large data of examples is stored when it is first used, or now:</p>
      {failure !== undefined && <p role="alert">{failure}</p>}
      <ul>
        {files.map((file) => {
          const name = nameOf(file.path)
          const size = formatBytes(file.sizeBytes)
          const Icon = busy === file.path ? LoaderCircle : file.isKept ? Trash2 : Download
          return (
            <li key={file.path}>
              <span>{name}</span>
              <span className="numeric space-note">{file.isKept ? `${size}, here` : size}</span>
              <Button
                icon={<Icon size={13} className={busy === file.path ? 'spin' : undefined} />}
                disabled={busy !== undefined}
                aria-label={
                  file.isKept ? `Delete ${name} from this browser` : `Use ${name} offline, ${size}`
                }
                onClick={() => void act(file)}
              >
                {file.isKept ? 'Delete' : 'Use offline'}
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
