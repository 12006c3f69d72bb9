// Small controls of panel headers: toggle, search field.
import { Search, X } from 'lucide-react'
import { Toggle as RadixToggle } from 'radix-ui'
import type { ReactNode } from 'react'

interface ToggleProps {
  isOn: boolean
  onChange: (isOn: boolean) => void
  children: ReactNode
  label?: string
}

export function Toggle({ isOn, onChange, children, label }: ToggleProps) {
  return (
    <RadixToggle.Root
      className="toggle"
      pressed={isOn}
      onPressedChange={onChange}
      aria-label={label}
    >
      {children}
    </RadixToggle.Root>
  )
}

interface SearchFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
}

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <div className="search">
      <Search size={14} aria-hidden="true" />
      <input
        type="text"
        value={value}
        placeholder={label}
        aria-label={label}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      {value === '' ? null : (
        <button type="button" aria-label="Clear" onClick={() => onChange('')}>
          <X size={13} />
        </button>
      )}
    </div>
  )
}
