// Drop-down menus.
import { Check, ChevronRight } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

interface MenuProps {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
  onOpen?: () => void
}

export function Menu({ trigger, children, align = 'start', onOpen }: MenuProps) {
  return (
    // Modal, it would hide a page from screen readers whose buttons can still be focused.
    <DropdownMenu.Root modal={false} onOpenChange={(isOpen) => isOpen && onOpen?.()}>
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
  onSelect: () => void
  children: ReactNode
}

export function MenuItem({ icon, hint, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className="menu-item" onSelect={onSelect}>
      <span className="menu-icon">{icon}</span>
      <span className="menu-text">
        {children}
        {hint === undefined ? null : <span className="menu-hint">{hint}</span>}
      </span>
    </DropdownMenu.Item>
  )
}

interface MenuSubProps {
  icon: ReactNode
  title: string
  children: ReactNode
}

export function MenuSub({ icon, title, children }: MenuSubProps) {
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="menu-item">
        <span className="menu-icon">{icon}</span>
        <span className="menu-text">{title}</span>
        <ChevronRight size={14} className="menu-more" aria-hidden="true" />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className="menu" collisionPadding={8}>
          {children}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
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
      <MenuLabel>{props.label}</MenuLabel>
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

interface MenuCheckProps {
  isOn: boolean
  hint?: string
  /** Where several are often chosen. */
  staysOpen?: boolean
  onChange: (isOn: boolean) => void
  children: ReactNode
}

export function MenuCheck({ isOn, hint, staysOpen, onChange, children }: MenuCheckProps) {
  return (
    <DropdownMenu.CheckboxItem
      className="menu-item"
      checked={isOn}
      onCheckedChange={onChange}
      onSelect={(event) => staysOpen && event.preventDefault()}
    >
      <span className="menu-icon">
        <DropdownMenu.ItemIndicator>
          <Check size={14} />
        </DropdownMenu.ItemIndicator>
      </span>
      <span className="menu-text">
        {children}
        {hint === undefined ? null : <span className="menu-hint">{hint}</span>}
      </span>
    </DropdownMenu.CheckboxItem>
  )
}

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <DropdownMenu.Label className="menu-label">{children}</DropdownMenu.Label>
)

export const MenuSeparator = () => <DropdownMenu.Separator className="menu-separator" />
