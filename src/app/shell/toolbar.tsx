// The bar on top: workspace, run controls, progress, device, share, theme.
import { Settings2 } from 'lucide-react'
import { ActionButton, ActionItem } from '../actions/action-controls.tsx'
import { paletteAction } from '../palette/palette-store.ts'
import { setPreferences, usePreference } from '../store/preferences.ts'
import { importAction, packagesAction, saveZipAction } from '../share/share-actions.ts'
import { ShareButton } from '../share/share-button.tsx'
import { WorkspaceMenu } from '../workspace/index.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuChoices, MenuSeparator } from '../ui/menu.tsx'
import { DeviceChip } from './device-chip.tsx'
import { RunControls } from './run-controls.tsx'
import { RunProgress } from './run-progress.tsx'
import { resetLayoutAction, THEMES } from './view-actions.ts'

export function Toolbar({ isNarrow }: { isNarrow: boolean }) {
  return (
    <header className="toolbar">
      <div className="toolbar-side">
        <img className="toolbar-logo" src="./icons/plugboard.svg" alt="" />
        <h1 className="visually-hidden">Plugboard</h1>
        <WorkspaceMenu more={[importAction, packagesAction, saveZipAction]} />
      </div>
      <div className="toolbar-run">
        <RunControls isNarrow={isNarrow} />
        <RunProgress />
      </div>
      <div className="toolbar-side toolbar-end">
        <DeviceChip />
        <ActionButton action={paletteAction} />
        <ShareButton />
        <ViewMenu isNarrow={isNarrow} />
      </div>
    </header>
  )
}

function ViewMenu({ isNarrow }: { isNarrow: boolean }) {
  const theme = usePreference('theme')
  const Icon = isNarrow ? Settings2 : THEMES.find(({ value }) => value === theme)!.icon
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
          <ActionItem action={resetLayoutAction} />
        </>
      )}
    </Menu>
  )
}
