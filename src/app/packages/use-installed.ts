// Packages that the open workspace has.
import { type InstalledPackage, loadPackages } from '#workspace'
import { useEffect, useState } from 'react'
import { useWorkspace } from '../workspace/use-workspace.ts'

export function useInstalled(): readonly InstalledPackage[] {
  const files = useWorkspace((state) => state.files)
  const [installed, setInstalled] = useState<readonly InstalledPackage[]>([])
  useEffect(() => {
    let isGone = false
    void loadPackages().then(({ installedPackages }) => {
      if (!isGone) setInstalled(installedPackages(files))
    })
    return () => {
      isGone = true
    }
  }, [files])
  return installed
}
