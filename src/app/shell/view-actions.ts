// Actions on what is seen: panels, layout, theme; the device; files to go to.
import { baseName } from '#workspace'
import { Cpu, FileCode, LayoutDashboard, Monitor, Moon, Sun } from 'lucide-react'
import type { Action } from '../actions/action.ts'
import { type Preferences, preferences, setPreferences } from '../store/preferences.ts'
import { DEVICES } from './device-chip.tsx'
import { resetLayout } from './layout-storage.ts'
import { goTo, showPanel } from './navigation.ts'
import { type PanelDefinition, PANELS, PLUGIN_PANEL_ICON } from './panel-registry.tsx'

export const resetLayoutAction: Action = {
  id: 'layout.reset',
  title: 'Reset layout',
  group: 'View',
  icon: LayoutDashboard,
  run: resetLayout,
}

export const THEMES = [
  { value: 'system', label: 'As the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const

const isNot =
  <K extends keyof Preferences>(key: K, value: Preferences[K]) =>
  () =>
    preferences.getState()[key] !== value

const themeActions: readonly Action[] = THEMES.map(({ value, label, icon }) => ({
  id: `theme.${value}`,
  title: `Theme: ${label}`,
  group: 'View',
  icon,
  isEnabled: isNot('theme', value),
  run: () => setPreferences({ theme: value }),
}))

const deviceActions: readonly Action[] = DEVICES.map(({ value, label, hint }) => ({
  id: `device.${value}`,
  title: `Train on: ${label}`,
  group: 'Engine',
  icon: Cpu,
  hint,
  isEnabled: isNot('device', value),
  run: () => setPreferences({ device: value }),
}))

const panelAction = (id: string, title: string, icon: Action['icon']): Action => ({
  id: `panel.${id}`,
  title: `Show ${title}`,
  group: 'View',
  ...(icon ? { icon } : {}),
  run: () => showPanel(id),
})

/** `own` are the panels that plugins opened. */
export const viewActions = (own: readonly { id: string; title: string }[]): readonly Action[] => [
  ...Object.entries<PanelDefinition>(PANELS).map(([id, { title, icon }]) =>
    panelAction(id, title, icon),
  ),
  ...own.map(({ id, title }) => panelAction(id, title, PLUGIN_PANEL_ICON)),
  resetLayoutAction,
  ...themeActions,
  ...deviceActions,
]

export const fileActions = (paths: readonly string[]): readonly Action[] =>
  paths.map((path) => ({
    id: `file.${path}`,
    title: baseName(path),
    group: path.slice(0, Math.max(0, path.lastIndexOf('/'))),
    icon: FileCode,
    run: () => goTo({ file: path }),
  }))
