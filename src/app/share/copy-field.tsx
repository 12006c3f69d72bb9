// A text to be copied: a field that selects itself, and a button.
import { Copy } from 'lucide-react'
import { toast } from 'sonner'
import { Button } from '../ui/button.tsx'

interface CopyFieldProps {
  label: string
  value: string
  isLong?: boolean
}

export function CopyField({ label, value, isLong = false }: CopyFieldProps) {
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(value)
      toast.success('Copied')
    } catch {
      toast.info('This browser does not let the page copy. Copy it from the field.')
    }
  }
  const field = { className: 'field', readOnly: true, value, 'aria-label': label }
  return (
    <div className="copy-field">
      {isLong ? (
        <textarea {...field} rows={4} onFocus={({ target }) => target.select()} />
      ) : (
        <input {...field} onFocus={({ target }) => target.select()} />
      )}
      <Button icon={<Copy size={14} />} onClick={() => void copy()}>
        Copy
      </Button>
    </div>
  )
}
