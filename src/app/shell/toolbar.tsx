// The bar on top: workspace, run controls, progress, device, share, theme.
import { LayoutDashboard, Monitor, Moon, Settings2, Sun } from 'lucide-react'
import { setPreferences, usePreference } from '../store/preferences.ts'
import { ShareButton } from '../share/share-button.tsx'
import { WorkspaceMenu } from '../workspace/index.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuChoices, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { DeviceChip } from './device-chip.tsx'
import { resetLayout } from './layout-storage.ts'
import { RunControls } from './run-controls.tsx'
import { RunProgress } from './run-progress.tsx'

export function Toolbar({ isNarrow }: { isNarrow: boolean }) {
  return (
    <header className="toolbar">
      <div className="toolbar-side">
        <img className="toolbar-logo" src="./icons/plugboard.svg" alt="" />
        <h1 className="visually-hidden">Plugboard</h1>
        <WorkspaceMenu />
      </div>
      <div className="toolbar-run">
        <RunControls isNarrow={isNarrow} />
        <RunProgress />
      </div>
      <div className="toolbar-side toolbar-end">
        <DeviceChip />
        <ShareButton />
        <ViewMenu isNarrow={isNarrow} />
      </div>
    </header>
  )
}

const THEMES = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

const ICONS = { system: Monitor, light: Sun, dark: Moon }

function ViewMenu({ isNarrow }: { isNarrow: boolean }) {
  const theme = usePreference('theme')
  const Icon = isNarrow ? Settings2 : ICONS[theme]
  return (
    <Menu align="end" trigger={<IconButton label="Appearance" icon={<Icon size={16} />} />}>
      <MenuChoices
        label="Theme"
        value={theme}
        choices={THEMES}
        onChange={(value) => setPreferences({ theme: value })}
      />
      {isNarrow ? null : (
        <>
          <MenuSeparator />
          <MenuItem icon={<LayoutDashboard size={14} />} onSelect={resetLayout}>
            Reset layout
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
