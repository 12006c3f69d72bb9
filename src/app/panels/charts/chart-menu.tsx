// What can be done with one chart: zoom, full size, take it along as a file or by the clipboard.
import {
  ClipboardCopy,
  Download,
  Ellipsis,
  FileSpreadsheet,
  Image,
  Maximize2,
  Minimize2,
  PinOff,
  Undo2,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import { toast } from 'sonner'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { maximise } from './chart-state.ts'

interface ChartMenuProps {
  id: string
  title: string
  isZoomed: boolean
  isMaximised: boolean
  hasPins: boolean
  onZoom: (deed: 'in' | 'out' | 'reset') => void
  onUnpin: () => void
  onExport: (format: ExportFormat) => Promise<void>
}

export type ExportFormat = 'png' | 'svg' | 'csv' | 'copy-png' | 'copy-csv'

export function ChartMenu(props: ChartMenuProps) {
  const { id, title, isZoomed, isMaximised, hasPins, onZoom, onUnpin, onExport } = props
  const keep = (format: ExportFormat) => () =>
    void onExport(format).catch((error: unknown) =>
      toast.error(error instanceof Error ? error.message : String(error)),
    )
  return (
    <div className="chart-tools">
      {isZoomed ? (
        <IconButton
          label="Reset zoom"
          shortcut="0"
          icon={<Undo2 size={14} />}
          onClick={() => onZoom('reset')}
        />
      ) : null}
      <IconButton
        label={isMaximised ? 'Back to all charts' : 'Full size'}
        icon={isMaximised ? <Minimize2 size={14} /> : <Maximize2 size={14} />}
        onClick={() => maximise(isMaximised ? undefined : id)}
      />
      <Menu
        align="end"
        trigger={
          <button
            type="button"
            className="button icon-button button-quiet"
            aria-label={`More about ${title}`}
          >
            <Ellipsis size={14} />
          </button>
        }
      >
        <MenuItem icon={<ZoomIn size={14} />} hint="+" onSelect={() => onZoom('in')}>
          Zoom in
        </MenuItem>
        <MenuItem icon={<ZoomOut size={14} />} hint="−" onSelect={() => onZoom('out')}>
          Zoom out
        </MenuItem>
        <MenuItem icon={<Undo2 size={14} />} hint="0" onSelect={() => onZoom('reset')}>
          Reset zoom
        </MenuItem>
        {hasPins ? (
          <MenuItem icon={<PinOff size={14} />} onSelect={onUnpin}>
            Remove pins
          </MenuItem>
        ) : null}
        <MenuSeparator />
        <MenuItem icon={<Image size={14} />} onSelect={keep('png')}>
          Download PNG
        </MenuItem>
        <MenuItem icon={<Download size={14} />} onSelect={keep('svg')}>
          Download SVG
        </MenuItem>
        <MenuItem icon={<FileSpreadsheet size={14} />} hint="all points" onSelect={keep('csv')}>
          Download CSV
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<ClipboardCopy size={14} />} onSelect={keep('copy-png')}>
          Copy picture
        </MenuItem>
        <MenuItem icon={<ClipboardCopy size={14} />} onSelect={keep('copy-csv')}>
          Copy data
        </MenuItem>
      </Menu>
    </div>
  )
}
