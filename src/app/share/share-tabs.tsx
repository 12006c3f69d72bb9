// Ways to hand work on beside the link: one plugin, a frame in a page, a package, files.
import { Tabs } from 'radix-ui'
import { useState } from 'react'
import { useEngineView } from '../store/store.ts'
import { EmbedTab } from './embed-tab.tsx'
import { FilesTab } from './files-tab.tsx'
import type { ShareTab } from './dialog-store.ts'
import { PackageTab } from './package-tab.tsx'
import { PluginTab } from './plugin-tab.tsx'

const TABS: readonly { id: ShareTab; title: string }[] = [
  { id: 'plugin', title: 'One plugin' },
  { id: 'package', title: 'npm package' },
  { id: 'embed', title: 'Embed' },
  { id: 'files', title: 'Zip and folder' },
]

interface ShareTabsProps {
  tab: ShareTab
  plugin?: string | undefined
}

export function ShareTabs({ tab, plugin }: ShareTabsProps) {
  const all = useEngineView(({ engine }) => engine.plugins)
  const own = all.filter(
    ({ origin, file = '' }) => origin === 'workspace' && file.startsWith('plugins/'),
  )
  const names = own.map(({ manifest }) => manifest.name)
  const [chosen, setChosen] = useState(plugin)
  const shown = own.find(({ manifest }) => manifest.name === chosen) ?? own[0]
  const choice = (
    <label className="share-field">
      Plugin
      <select
        className="field"
        value={shown?.manifest.name}
        onChange={({ target }) => setChosen(target.value)}
      >
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
  const none = (
    <p className="share-note">
      This workspace has no plugin of its own yet. <em>New plugin…</em> makes one from a template.
    </p>
  )
  return (
    <Tabs.Root className="share-tabs" defaultValue={tab}>
      <Tabs.List className="tabs" aria-label="Ways to share">
        {TABS.map(({ id, title }) => (
          <Tabs.Trigger key={id} value={id} className="tab">
            {title}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="plugin" className="share-tab">
        {shown ? choice : none}
        {shown?.file === undefined ? null : (
          <PluginTab name={shown.manifest.name} file={shown.file} />
        )}
      </Tabs.Content>
      <Tabs.Content value="package" className="share-tab">
        {shown ? choice : none}
        {shown ? <PackageTab key={shown.manifest.name} plugin={shown} /> : null}
      </Tabs.Content>
      <Tabs.Content value="embed" className="share-tab">
        <EmbedTab />
      </Tabs.Content>
      <Tabs.Content value="files" className="share-tab">
        <FilesTab />
      </Tabs.Content>
    </Tabs.Root>
  )
}
