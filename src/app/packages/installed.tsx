// Packages of the workspace: their versions, and the way out.
import { type InstalledPackage, loadPackages } from '#workspace'
import { PackageOpen, Trash2 } from 'lucide-react'
import { toast } from 'sonner'
import { applyChanges } from '../share/apply-changes.ts'
import { goTo } from '../shell/navigation.ts'
import { closeDialog } from '../share/dialog-store.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/feedback.tsx'
import { workspaceStore } from '../workspace/workspace.ts'
import { useInstalled } from './use-installed.ts'

async function remove(installed: InstalledPackage): Promise<void> {
  const { planRemoval, withoutPackage } = await loadPackages()
  const { files } = workspaceStore.getState()
  try {
    const undo = applyChanges(withoutPackage(files, installed.name, planRemoval(files, installed)))
    toast(`Removed ${installed.name}`, { action: { label: 'Undo', onClick: undo } })
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error))
  }
}

export function Installed() {
  const installed = useInstalled()
  if (installed.length === 0) {
    return (
      <EmptyState icon={<PackageOpen size={28} />} title="No packages yet">
        <p>What you install from an index, npm, GitHub or a file is listed here.</p>
      </EmptyState>
    )
  }
  return (
    <ul className="installed" aria-label="Installed packages">
      {installed.map((each) => (
        <li key={each.name}>
          <div>
            <strong>{each.name}</strong> <span className="package-version">{each.version}</span>
            <p className="share-note">{each.description}</p>
          </div>
          <Button
            onClick={() => {
              closeDialog()
              goTo({ file: `${each.folder}/package.json` })
            }}
          >
            Show files
          </Button>
          <Button
            icon={<Trash2 size={14} />}
            aria-label={`Remove ${each.name}`}
            onClick={() => void remove(each)}
          >
            Remove
          </Button>
        </li>
      ))}
    </ul>
  )
}
