// The bar above a list of lines: filter by text, what else narrows the list, clear it.
import { Eraser } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../ui/button.tsx'
import { SearchField } from '../ui/controls.tsx'

interface FilterBarProps {
  query: string
  onQuery: (query: string) => void
  onClear: () => void
  children: ReactNode
}

export function FilterBar({ query, onQuery, onClear, children }: FilterBarProps) {
  return (
    <div className="panel-bar">
      <SearchField label="Filter by plugin or text" value={query} onChange={onQuery} />
      {children}
      <IconButton
        label="Clear"
        className="bar-button"
        icon={<Eraser size={15} />}
        onClick={onClear}
      />
    </div>
  )
}
