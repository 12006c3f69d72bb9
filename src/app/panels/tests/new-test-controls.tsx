// Where tests are begun: a menu of plugins that have none, and what is said while there is no test at all.
import { FilePlus2, FlaskConical } from 'lucide-react'
import { useMemo } from 'react'
import { toast } from 'sonner'
import { useEngineView } from '../../store/store.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { useWorkspace, workspaceStore } from '../../workspace/index.ts'
import { firstTest, type Untested, untested } from './new-test.ts'

function createTest(missing: Untested): void {
  try {
    workspaceStore.getState().create(missing.path, firstTest(missing))
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}

function useUntested(): Untested[] {
  const plugins = useEngineView(({ engine }) => engine.plugins)
  const files = useWorkspace((state) => state.files)
  return useMemo(() => untested(plugins, files), [plugins, files])
}

export function NewTestMenu() {
  const missing = useUntested()
  if (missing.length === 0) return null
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="New test" className="bar-button" icon={<FilePlus2 size={15} />} />
      }
    >
      {missing.map((each) => (
        <MenuItem key={each.plugin} hint={each.path} onSelect={() => createTest(each)}>
          {each.plugin}
        </MenuItem>
      ))}
    </Menu>
  )
}

/** What would fill the panel. */
export function NoTests() {
  const [missing] = useUntested()
  return (
    <EmptyState icon={<FlaskConical size={28} />} title="No tests yet">
      <p>
        Files <code>tests/….test.ts</code> are listed here and run in the engine, beside your
        plugins.
      </p>
      {missing ? (
        <Button icon={<FilePlus2 size={14} />} onClick={() => createTest(missing)}>
          Write a test for {missing.plugin}
        </Button>
      ) : null}
    </EmptyState>
  )
}
