// A button that asks once more: what it deletes does not come back.
import { useState } from 'react'
import { Button } from './button.tsx'

interface SureButtonProps {
  label: string
  /** What is deleted, in words. */
  about: string
  disabled?: boolean
  onSure: () => void
}

export function SureButton({ label, about, disabled = false, onSure }: SureButtonProps) {
  const [isAsking, setAsking] = useState(false)
  return (
    <Button
      variant={isAsking ? 'danger' : 'plain'}
      disabled={disabled}
      aria-label={isAsking ? `Really delete ${about}?` : `Delete ${about}`}
      onBlur={() => setAsking(false)}
      onClick={() => {
        setAsking(!isAsking)
        if (isAsking) onSure()
      }}
    >
      {isAsking ? 'Really?' : label}
    </Button>
  )
}
