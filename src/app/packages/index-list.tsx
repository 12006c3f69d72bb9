// Indexes of the user's own: added by address, after a word on the host that is asked.
import { X } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { useStore } from 'zustand'
import { Button, IconButton } from '../ui/button.tsx'
import { addIndex, indexes, removeIndex } from './indexes.ts'

const hostOf = (text: string): string | undefined => {
  try {
    const { protocol, host } = new URL(text.trim())
    return protocol === 'https:' ? host : undefined
  } catch {
    return undefined
  }
}

export function IndexList() {
  const { added } = useStore(indexes)
  const [text, setText] = useState('')
  const host = hostOf(text)
  return (
    <details className="index-list">
      <summary>Other indexes</summary>
      <ul>
        {added.map((address) => (
          <li key={address}>
            <code>{address}</code>
            <IconButton
              label={`Remove index ${address}`}
              icon={<X size={13} />}
              onClick={() => void removeIndex(address)}
            />
          </li>
        ))}
      </ul>
      <form
        className="share-form"
        onSubmit={(event) => {
          event.preventDefault()
          addIndex(text).then(
            () => setText(''),
            (error: unknown) => toast.error(error instanceof Error ? error.message : String(error)),
          )
        }}
      >
        <input
          className="field"
          value={text}
          placeholder="https://example.org/index.json"
          aria-label="Address of an index"
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
        />
        <Button type="submit" disabled={host === undefined}>
          {host === undefined ? 'Add an index' : `Ask ${host} for its index`}
        </Button>
      </form>
    </details>
  )
}
