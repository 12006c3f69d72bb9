// Drop-down menus.
import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

interface MenuProps {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
}

export function Menu({ trigger, children, align = 'start' }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={6} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

interface MenuItemProps {
  icon?: ReactNode
  hint?: string
  isDisabled?: boolean
  onSelect: () => void
  children: ReactNode
}

export function MenuItem({ icon, hint, isDisabled = false, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className="menu-item" disabled={isDisabled} onSelect={onSelect}>
      <span className="menu-icon">{icon}</span>
      <span className="menu-text">
        {children}
        {hint === undefined ? null : <span className="menu-hint">{hint}</span>}
      </span>
    </DropdownMenu.Item>
  )
}

interface MenuChoicesProps<T extends string> {
  label: string
  value: T
  choices: readonly { value: T; label: string; hint?: string }[]
  onChange: (value: T) => void
}

export function MenuChoices<T extends string>(props: MenuChoicesProps<T>) {
  return (
    <DropdownMenu.RadioGroup
      value={props.value}
      onValueChange={(value) => props.onChange(value as T)}
    >
      <DropdownMenu.Label className="menu-label">{props.label}</DropdownMenu.Label>
      {props.choices.map(({ value, label, hint }) => (
        <DropdownMenu.RadioItem key={value} value={value} className="menu-item">
          <span className="menu-icon">
            <DropdownMenu.ItemIndicator>
              <Check size={14} />
            </DropdownMenu.ItemIndicator>
          </span>
          <span className="menu-text">
            {label}
            {hint === undefined ? null : <span className="menu-hint">{hint}</span>}
          </span>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  )
}

export const MenuSeparator = () => <DropdownMenu.Separator className="menu-separator" />
