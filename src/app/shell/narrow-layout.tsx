// The workbench on a narrow screen: one panel at a time, chosen in a bar at the bottom.
import { useEffect, useState } from 'react'
import { PluginPanelView } from '../panels/plugin-panel-view.tsx'
import { shownPanel } from './navigation.ts'
import {
  type PanelDefinition,
  PANELS,
  PLUGIN_PANEL,
  PLUGIN_PANEL_ICON,
  usePanelCount,
  usePluginPanels,
} from './panel-registry.tsx'

const ORDER = [
  'charts',
  'editor',
  'files',
  'plugins',
  'run',
  'problems',
  'timeline',
  'console',
] as const

export function NarrowLayout() {
  const [active, setActive] = useState<string>('charts')
  const pluginPanels = usePluginPanels()
  useEffect(() => shownPanel.subscribe(({ request }) => request && setActive(request.id)), [])
  const fixed = ORDER.map((id) => ({ id, ...(PANELS[id] as PanelDefinition) }))
  const own = pluginPanels.map(({ id, title }) => ({ id, title, icon: PLUGIN_PANEL_ICON }))
  const tabs = [fixed[0]!, ...own, ...fixed.slice(1)]
  const shown = tabs.some(({ id }) => id === active) ? active : 'charts'
  const Fixed = fixed.find(({ id }) => id === shown)?.component

  return (
    <div className="narrow">
      <div
        className="panel narrow-panel"
        id="narrow-panel"
        role="tabpanel"
        aria-labelledby={`tab-${shown}`}
      >
        {Fixed ? <Fixed /> : <PluginPanelView id={shown.slice(PLUGIN_PANEL.length)} />}
      </div>
      <div className="narrow-tabs" role="tablist" aria-label="Panels">
        {tabs.map(({ id, title, icon: Icon }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === shown}
            aria-controls="narrow-panel"
            className="narrow-tab"
            onClick={() => setActive(id)}
          >
            <Icon size={18} aria-hidden="true" />
            {title}
            <TabCount id={id} />
          </button>
        ))}
      </div>
    </div>
  )
}

function TabCount({ id }: { id: string }) {
  const count = usePanelCount(id)
  return count === 0 ? null : <span className="count count-danger narrow-count">{count}</span>
}
