// The workbench on a narrow screen: one panel at a time, chosen in a bar at the bottom.
import { LayoutGrid } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { Boundary } from '../ui/boundary.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { shownPanel } from './navigation.ts'
import { PanelBadge } from './panel-badge.tsx'
import {
  type PanelDefinition,
  type PanelId,
  PANELS,
  PLUGIN_PANEL,
  PLUGIN_PANEL_ICON,
  PluginPanelView,
  usePanelCount,
  usePluginPanels,
} from './panel-registry.tsx'

/** What is wanted most comes first, then the others as they are registered. */
const FIRST = [
  'charts',
  'editor',
  'files',
  'config',
  'data',
  'run',
  'runs',
  'tryIt',
  'model',
] as const satisfies PanelId[]
const ORDER = [...new Set([...FIRST, ...(Object.keys(PANELS) as PanelId[])])]

export function NarrowLayout() {
  const [active, setActive] = useState<string>('charts')
  const pluginPanels = usePluginPanels()
  useEffect(() => shownPanel.subscribe(({ request }) => request && setActive(request.id)), [])
  const fixed = ORDER.map((id) => ({ id, ...(PANELS[id] as PanelDefinition) }))
  const own = pluginPanels.map(({ id, title }) => ({ id, title, icon: PLUGIN_PANEL_ICON }))
  const tabs = [fixed[0]!, ...own, ...fixed.slice(1)]
  const shown = tabs.some(({ id }) => id === active) ? active : 'charts'
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const selected = list.current?.querySelector('[aria-selected=true]')
    selected?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [shown])
  const Fixed = fixed.find(({ id }) => id === shown)?.component

  return (
    <Tabs.Root className="narrow" value={shown} onValueChange={setActive}>
      <Tabs.Content className="panel narrow-panel" value={shown} tabIndex={-1}>
        <Boundary key={shown} title={tabs.find(({ id }) => id === shown)!.title}>
          {Fixed ? <Fixed /> : <PluginPanelView id={shown.slice(PLUGIN_PANEL.length)} />}
        </Boundary>
      </Tabs.Content>
      <div className="narrow-bar">
        <Tabs.List ref={list} className="narrow-tabs" aria-label="Panels">
          {tabs.map(({ id, title, icon: Icon }) => (
            <Tabs.Trigger key={id} value={id} className="narrow-tab">
              <Icon size={18} aria-hidden="true" />
              {title}
              <TabCount id={id} />
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Menu
          align="end"
          trigger={
            <button type="button" className="narrow-tab" aria-label="All panels">
              <LayoutGrid size={18} aria-hidden="true" />
              All
            </button>
          }
        >
          {tabs.map(({ id, title, icon: Icon }) => (
            <MenuItem key={id} icon={<Icon size={15} />} onSelect={() => setActive(id)}>
              {title}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </Tabs.Root>
  )
}

function TabCount({ id }: { id: string }) {
  const count = usePanelCount(id)
  return <PanelBadge count={count} className="narrow-count" />
}
