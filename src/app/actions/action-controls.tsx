// Buttons and menu items of actions.
import { Button, IconButton } from '../ui/button.tsx'
import { keysText } from '../ui/keys.ts'
import { MenuItem } from '../ui/menu.tsx'
import { type Action, useIsEnabled } from './action.ts'

interface ActionButtonProps {
  action: Action
  size?: number
  className?: string
}

export function ActionButton({ action, size = 15, className = '' }: ActionButtonProps) {
  const { title, icon: Icon, keys: [keys] = [] } = action
  const isEnabled = useIsEnabled(action)
  return (
    <IconButton
      label={title}
      className={className}
      {...(keys === undefined ? {} : { shortcut: keysText(keys) })}
      icon={Icon && <Icon size={size} />}
      disabled={!isEnabled}
      onClick={() => action.run()}
    />
  )
}

export function ActionItem({ action, children }: { action: Action; children?: string }) {
  const { title, icon: Icon, hint } = action
  return (
    <MenuItem
      icon={Icon && <Icon size={14} />}
      {...(hint === undefined ? {} : { hint })}
      onSelect={() => action.run()}
    >
      {children ?? title}
    </MenuItem>
  )
}

/** In words: what an empty panel offers. */
export function ActionTextButton({ action, children }: { action: Action; children: string }) {
  const { icon: Icon } = action
  const isEnabled = useIsEnabled(action)
  return (
    <Button icon={Icon && <Icon size={14} />} disabled={!isEnabled} onClick={() => action.run()}>
      {children}
    </Button>
  )
}
