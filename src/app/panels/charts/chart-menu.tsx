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
import { memo } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { maximise } from './chart-state.ts'
import type { ExportFormat } from './open-charts.ts'

export interface ChartMenuProps {
  id: string
  title: string
  isZoomed: boolean
  isMaximised: boolean
  hasPins: boolean
  onZoom: (deed: 'in' | 'out' | 'reset') => void
  onUnpin: () => void
  onExport: (format: ExportFormat) => void
}

/** Points that come in change nothing of it. */
export const ChartTools = memo(function ChartTools(props: ChartMenuProps) {
  const { id, title, isZoomed, isMaximised, onZoom } = props
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
        <ChartMenu {...props} />
      </Menu>
    </div>
  )
})

/** Behind its button, and what a right click or a long press on the chart opens. */
export function ChartMenu({ hasPins, onZoom, onUnpin, onExport }: ChartMenuProps) {
  const keep = (format: ExportFormat) => () => onExport(format)
  return (
    <>
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
    </>
  )
}
