// A link to one plugin, with what it imports and its tests.
import { loadLinks, loadPackages } from '#workspace'
import { useEffect, useState } from 'react'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { CopyField } from './copy-field.tsx'
import { pageAddress } from './share.ts'

type Made = { link: string; paths: string[]; leftOut: string[] } | { problem: string }

export function PluginTab({ name, file }: { name: string; file: string }) {
  const files = useWorkspace((state) => state.files)
  const [made, setMade] = useState<Made>()
  useEffect(() => {
    let isGone = false
    void Promise.all([loadPackages(), loadLinks()]).then(([{ collect }, { encodeLink }]) => {
      if (isGone) return
      const { files: own, leftOut } = collect(files, [file])
      try {
        const link = pageAddress() + encodeLink({ name, files: own, active: file }, 'plugin')
        const reasons = leftOut.map(({ path, reason }) => `${path} stays behind: ${reason}.`)
        setMade({ link, paths: [...own.keys()], leftOut: reasons })
      } catch (error) {
        setMade({ problem: error instanceof Error ? error.message : String(error) })
      }
    })
    return () => {
      isGone = true
    }
  }, [files, file, name])
  if (!made) return null
  if ('problem' in made) return <p className="share-problem">{made.problem}</p>
  return (
    <>
      <CopyField label="Link to this plugin" value={made.link} />
      <p className="share-note">
        {made.link.length.toLocaleString('en')} characters hold {made.paths.join(', ')}. Whoever
        opens it sees the code, and says whether it is added to their workspace.
      </p>
      {made.leftOut.map((text) => (
        <p key={text} className="share-note">
          {text}
        </p>
      ))}
    </>
  )
}
