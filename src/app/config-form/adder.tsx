// Adds a setting or an item: the choice of what is not there yet.
import { Plus } from 'lucide-react'

interface AdderProps {
  labelledBy: string
  choices: readonly { name: string; description: string | undefined }[]
  onAdd: (name: string) => void
}

export const Adder = ({ labelledBy, choices, onAdd }: AdderProps) => (
  <div className="config-add">
    <Plus size={13} aria-hidden="true" />
    <select
      className="field"
      aria-label="Add one"
      aria-describedby={labelledBy}
      value=""
      onChange={({ target }) => onAdd(target.value)}
    >
      <option value="">Add…</option>
      {choices.map(({ name, description }) => (
        <option key={name} value={name} title={description}>
          {name}
        </option>
      ))}
    </select>
  </div>
)
