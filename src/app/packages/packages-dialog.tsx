// Packages of plugins: browsed, fetched from elsewhere, and those that are here.
import { Tabs } from 'radix-ui'
import { Browse } from './browse.tsx'
import { Elsewhere } from './elsewhere.tsx'
import { Installed } from './installed.tsx'
import { useInstalled } from './use-installed.ts'
import './packages.css'

export function PackagesDialog({ archive }: { archive?: File | undefined }) {
  const installed = useInstalled()
  return (
    <Tabs.Root className="share-tabs" defaultValue={archive ? 'elsewhere' : 'browse'}>
      <Tabs.List className="tabs" aria-label="Packages">
        <Tabs.Trigger value="browse" className="tab">
          Browse
        </Tabs.Trigger>
        <Tabs.Trigger value="elsewhere" className="tab">
          From elsewhere
        </Tabs.Trigger>
        <Tabs.Trigger value="installed" className="tab">
          Installed{installed.length === 0 ? '' : ` (${installed.length})`}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="browse" className="share-tab">
        <Browse />
      </Tabs.Content>
      <Tabs.Content value="elsewhere" className="share-tab">
        <Elsewhere archive={archive} />
      </Tabs.Content>
      <Tabs.Content value="installed" className="share-tab">
        <Installed />
      </Tabs.Content>
    </Tabs.Root>
  )
}
