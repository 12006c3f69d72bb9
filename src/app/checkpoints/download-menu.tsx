// A checkpoint as a file: whole, or its model in one of the formats that there are.
import { Download } from 'lucide-react'
import { toast } from 'sonner'
import type { PluginInfo } from '#protocol'
import { download } from '../ui/download.ts'
import { session } from '../session/page-session.ts'
import { useEngineView } from '../store/store.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem, MenuLabel } from '../ui/menu.tsx'
import { type CheckpointEntry, checkpoints } from './index.ts'

const EXPORTER = 'exporter/'

/** Names of the formats that plugins promise or provide. */
function formatsOf(plugins: readonly PluginInfo[]): string[] {
  const names = plugins.flatMap(({ manifest, contributions }) => [
    ...manifest.provides.filter((each) => each.startsWith(EXPORTER)),
    ...contributions.flatMap(({ kind, name }) => (kind === 'exporter' ? [EXPORTER + name] : [])),
  ])
  return [...new Set(names)].map((each) => each.slice(EXPORTER.length))
}

export function DownloadMenu({ entry }: { entry: CheckpointEntry }) {
  const plugins = useEngineView(({ engine }) => engine.plugins)
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          label={`Download ${entry.name} of step ${entry.step}`}
          icon={<Download size={14} />}
        />
      }
    >
      <MenuItem hint="to go on from, here or elsewhere" onSelect={() => void save(entry)}>
        Whole checkpoint
      </MenuItem>
      <MenuLabel>The model as</MenuLabel>
      {formatsOf(plugins).map((format) => (
        <MenuItem key={format} onSelect={() => void save(entry, format)}>
          {format}
        </MenuItem>
      ))}
    </Menu>
  )
}

/** Several files of a format become one zip. */
async function save(entry: CheckpointEntry, format?: string): Promise<void> {
  try {
    const kept = await checkpoints.read(entry)
    if (!kept) throw new Error(`The checkpoint ${entry.name} is no longer there.`)
    const whole = new Uint8Array(await kept.file.arrayBuffer())
    const name = `${entry.name}-step-${entry.step}`
    if (format === undefined) return download(`${name}.safetensors`, whole)
    const files = await session.exportModel(format, whole)
    const [first] = files
    if (first && files.length === 1) return download(`${name}-${first.name}`, first.bytes)
    const content = Object.fromEntries(files.map((file) => [file.name, file.bytes]))
    const { zipSync } = await import('fflate')
    download(`${name}-${format}.zip`, zipSync(content))
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error), { duration: 10_000 })
  }
}
