// All plugins with their place in the lifecycle; one can be opened for its details.
import { Blocks, ChevronRight, ListFilter } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { PluginInfo } from '#protocol'
import { nameOf } from '../../store/engine-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { IconButton } from '../../ui/button.tsx'
import { SearchField, Toggle } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { formatDuration } from '../../ui/format.ts'
import { late } from '../../ui/late.tsx'
import { Menu, MenuChoices, MenuSeparator } from '../../ui/menu.tsx'
import { STAGES, stagesPassed } from './lifecycle.ts'
import { arrange, type Grouping, GROUPINGS, type Order, ORDERS } from './plugin-order.ts'
import './plugins.css'

const PluginDetails = late(async () => (await import('./plugin-details.tsx')).PluginDetails)

export function PluginsPanel() {
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const [query, setQuery] = useState('')
  const [isUsedOnly, setUsedOnly] = useState(false)
  const [order, setOrder] = useState<Order>('name')
  const [grouping, setGrouping] = useState<Grouping>('origin')
  const [opened, setOpened] = useState<string>()

  if (plugins.length === 0) {
    return (
      <EmptyState icon={<Blocks size={28} />} title="No plugins yet">
        The plugins of this workspace and the built-in ones are listed here as soon as the engine is
        up.
      </EmptyState>
    )
  }
  const groups = arrange(plugins, { query, isUsedOnly, order, grouping })

  function open(name: string): void {
    setOpened(name)
    const isShown = groups.some(([, members]) => members.some((each) => nameOf(each) === name))
    if (isShown) return
    setQuery('')
    setUsedOnly(false)
  }

  return (
    <div className="plugins">
      <div className="panel-bar plugins-bar">
        <SearchField label="Filter plugins" value={query} onChange={setQuery} />
        <Toggle isOn={isUsedOnly} onChange={setUsedOnly}>
          In use
        </Toggle>
        <Menu
          align="end"
          trigger={
            <IconButton
              label="Sort and group"
              className="bar-button"
              icon={<ListFilter size={15} />}
            />
          }
        >
          <MenuChoices label="Sort" value={order} choices={ORDERS} onChange={setOrder} />
          <MenuSeparator />
          <MenuChoices label="Group" value={grouping} choices={GROUPINGS} onChange={setGrouping} />
        </Menu>
      </div>
      <ul className="plugin-list" aria-label="Plugins">
        {groups.map(([title, members]) => (
          <li key={title}>
            {title === '' ? null : (
              <h2 className="plugin-group">
                {title} <span className="count">{members.length}</span>
              </h2>
            )}
            <ul>
              {members.map((plugin) => (
                <PluginRow
                  key={nameOf(plugin)}
                  plugin={plugin}
                  isOpen={opened === nameOf(plugin)}
                  onToggle={() => setOpened(opened === nameOf(plugin) ? undefined : nameOf(plugin))}
                  onOpen={open}
                />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {groups.length === 0 ? <p className="panel-note">No plugin fits this filter.</p> : null}
    </div>
  )
}

interface PluginRowProps {
  plugin: PluginInfo
  isOpen: boolean
  onToggle: () => void
  /** Shows the details of another one. */
  onOpen: (name: string) => void
}

function PluginRow({ plugin, isOpen, onToggle, onOpen }: PluginRowProps) {
  const { manifest, state, totalMs, isEnabled } = plugin
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    const list = row.current?.closest('.plugin-list')
    if (!isOpen || !row.current || !list) return
    const [own, around] = [row.current.getBoundingClientRect(), list.getBoundingClientRect()]
    // Details below the middle would hardly be seen.
    const isSeen = own.top >= around.top && own.top < around.top + around.height / 2
    if (!isSeen) row.current.scrollIntoView({ block: 'start' })
  }, [isOpen])
  return (
    <li ref={row} className="plugin" data-state={state}>
      <button type="button" className="plugin-row" aria-expanded={isOpen} onClick={onToggle}>
        <ChevronRight size={13} className="plugin-chevron" aria-hidden="true" />
        <span className="plugin-line">
          <span className="plugin-name">{manifest.name}</span>
          <span className="plugin-time numeric">{totalMs > 0 ? formatDuration(totalMs) : ''}</span>
        </span>
        <LifecycleTrack plugin={plugin} />
        <span className="plugin-line">
          <span className="plugin-state">
            {state}
            {isEnabled && state === 'discovered' ? ' · enabled' : ''}
          </span>
          <span className="plugin-meta">
            {manifest.category} {manifest.version}
          </span>
        </span>
      </button>
      {isOpen ? <PluginDetails plugin={plugin} onOpen={onOpen} /> : null}
    </li>
  )
}

/** One segment a stage, filled as far as the plugin has come. */
function LifecycleTrack({ plugin }: { plugin: PluginInfo }) {
  const passed = stagesPassed(plugin)
  return (
    <span className="track" aria-hidden="true">
      {STAGES.map((stage, index) => (
        <span key={stage} className="track-stage" data-passed={index < passed || undefined} />
      ))}
    </span>
  )
}
