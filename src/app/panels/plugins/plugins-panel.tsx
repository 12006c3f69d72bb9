// All plugins with their place in the lifecycle; one can be opened for its details.
import { Blocks, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { PluginInfo } from '#protocol'
import { nameOf } from '../../store/engine-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { SearchField, Toggle } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { formatDuration } from '../../ui/format.ts'
import { PluginDetails } from './plugin-details.tsx'
import { STAGES, stagesPassed } from './lifecycle.ts'
import './plugins.css'

export function PluginsPanel() {
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const [query, setQuery] = useState('')
  const [areUsedOnly, setUsedOnly] = useState(false)
  const [opened, setOpened] = useState<string>()

  if (plugins.length === 0) {
    return (
      <EmptyState icon={<Blocks size={28} />} title="No plugins yet">
        The plugins of this workspace and the built-in ones are listed here as soon as the engine is
        up.
      </EmptyState>
    )
  }
  const wanted = query.trim().toLowerCase()
  const shown = plugins.filter(
    (plugin) => matches(plugin, wanted) && (!areUsedOnly || isUsed(plugin)),
  )
  return (
    <div className="plugins">
      <div className="panel-bar">
        <SearchField label="Filter plugins" value={query} onChange={setQuery} />
        <Toggle isOn={areUsedOnly} onChange={setUsedOnly}>
          In use
        </Toggle>
      </div>
      <ul className="plugin-list" aria-label="Plugins">
        {groups(shown).map(([title, members]) => (
          <li key={title}>
            <h2 className="plugin-group">
              {title} <span className="count">{members.length}</span>
            </h2>
            <ul>
              {members.map((plugin) => (
                <PluginRow
                  key={nameOf(plugin)}
                  plugin={plugin}
                  isOpen={opened === nameOf(plugin)}
                  onToggle={() => setOpened(opened === nameOf(plugin) ? undefined : nameOf(plugin))}
                />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {shown.length === 0 ? <p className="panel-note">No plugin fits this filter.</p> : null}
    </div>
  )
}

const matches = ({ manifest }: PluginInfo, wanted: string): boolean =>
  [manifest.name, manifest.category, manifest.description, ...manifest.tags].some((text) =>
    text.toLowerCase().includes(wanted),
  )

const isUsed = ({ state }: PluginInfo): boolean => !['discovered', 'cleaned'].includes(state)

function groups(plugins: readonly PluginInfo[]): [string, PluginInfo[]][] {
  const own = plugins.filter(({ origin }) => origin === 'workspace')
  const builtin = plugins.filter(({ origin }) => origin === 'builtin')
  const all: [string, PluginInfo[]][] = [
    ['Workspace', own],
    ['Built-in', builtin],
  ]
  return all.filter(([, members]) => members.length > 0)
}

interface PluginRowProps {
  plugin: PluginInfo
  isOpen: boolean
  onToggle: () => void
}

function PluginRow({ plugin, isOpen, onToggle }: PluginRowProps) {
  const { manifest, state, totalMs } = plugin
  return (
    <li className="plugin" data-state={state}>
      <button type="button" className="plugin-row" aria-expanded={isOpen} onClick={onToggle}>
        <ChevronRight size={13} className="plugin-chevron" aria-hidden="true" />
        <span className="plugin-line">
          <span className="plugin-name">{manifest.name}</span>
          <span className="plugin-time numeric">{totalMs > 0 ? formatDuration(totalMs) : ''}</span>
        </span>
        <LifecycleTrack plugin={plugin} />
        <span className="plugin-line">
          <span className="plugin-state">{state}</span>
          <span className="plugin-meta">
            {manifest.category} {manifest.version}
          </span>
        </span>
      </button>
      {isOpen ? <PluginDetails plugin={plugin} /> : null}
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
