// Says which stored records cannot be read, and what can be done with them.
import { Download } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { download } from '../ui/download.ts'
import { plural } from '../ui/format.ts'
import { SureButton } from '../ui/sure-button.tsx'
import { damagedText } from './damaged.ts'

interface DamagedNoticeProps {
  /** What one of them is. */
  what: 'run' | 'checkpoint' | 'state'
  records: readonly unknown[]
  onDelete: () => Promise<void>
}

export function DamagedNotice({ what, records, onDelete }: DamagedNoticeProps) {
  if (records.length === 0) return null
  const many = plural(records.length, `stored ${what}`)
  return (
    <div className="damaged" role="status">
      <p>{many} cannot be read: damaged, or of another version of this page. All else is here.</p>
      <Button
        icon={<Download size={14} />}
        onClick={() => download(`damaged-${what}s.json`, damagedText(records), 'application/json')}
      >
        Download what is stored
      </Button>
      <SureButton label="Delete" about={many} onSure={() => void onDelete()} />
    </div>
  )
}
