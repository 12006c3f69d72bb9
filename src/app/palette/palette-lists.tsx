// The lists of the palette: all actions, all files. They bring every action with them.
import { PowerOff } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useAppActions, useFileActions } from '../shell/app-actions.ts'
import { arePluginsUp } from '../store/engine-slice.ts'
import { useEngineView } from '../store/store.ts'
import { ActionList } from './action-list.tsx'
import { recentFirst, recentIds } from './recent.ts'

export function Actions({ onChoose }: { onChoose: (action: Action) => void }) {
  const all = useAppActions()
  const [recent] = useState(recentIds)
  const actions = useMemo(() => recentFirst(all, recent), [all, recent])
  const areUp = useEngineView(({ engine }) => arePluginsUp(engine))
  return (
    <ActionList label="Find an action or a command" actions={actions} onChoose={onChoose}>
      {areUp ? null : (
        <p className="palette-note">
          <PowerOff size={14} aria-hidden="true" /> Plugins are not up: their commands appear here
          once they are.
        </p>
      )}
    </ActionList>
  )
}

export function FileList({ onChoose }: { onChoose: (action: Action) => void }) {
  const actions = useFileActions()
  return <ActionList label="Go to file" actions={actions} onChoose={onChoose} />
}
