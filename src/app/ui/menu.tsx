// Drop-down menus, and the parts of all menus.
import { Check, ChevronRight } from 'lucide-react'
import { type ContextMenu, DropdownMenu } from 'radix-ui'
import { createContext, type ReactNode, use } from 'react'

type MenuParts = Pick<
  typeof DropdownMenu | typeof ContextMenu,
  | 'CheckboxItem'
  | 'Item'
  | 'ItemIndicator'
  | 'Label'
  | 'Portal'
  | 'RadioGroup'
  | 'RadioItem'
  | 'Separator'
  | 'Sub'
  | 'SubContent'
  | 'SubTrigger'
>

/** What the parts are made of: those of a drop-down menu, but in a context menu. */
export const MenuKit = createContext<MenuParts>(DropdownMenu)

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
  const Kit = use(MenuKit)
  return (
    <Kit.Item className="menu-item" onSelect={onSelect}>
      <span className="menu-icon">{icon}</span>
      <span className="menu-text">
        {children}
        {hint === undefined ? null : <span className="menu-hint">{hint}</span>}
      </span>
    </Kit.Item>
  )
}

interface MenuSubProps {
  icon: ReactNode
  title: string
  children: ReactNode
}

export function MenuSub({ icon, title, children }: MenuSubProps) {
  const Kit = use(MenuKit)
  return (
    <Kit.Sub>
      <Kit.SubTrigger className="menu-item">
        <span className="menu-icon">{icon}</span>
        <span className="menu-text">{title}</span>
        <ChevronRight size={14} className="menu-more" aria-hidden="true" />
      </Kit.SubTrigger>
      <Kit.Portal>
        <Kit.SubContent className="menu" collisionPadding={8}>
          {children}
        </Kit.SubContent>
      </Kit.Portal>
    </Kit.Sub>
  )
}

interface MenuChoicesProps<T extends string> {
  label: string
  value: T
  choices: readonly { value: T; label: string; hint?: string }[]
  onChange: (value: T) => void
}

export function MenuChoices<T extends string>(props: MenuChoicesProps<T>) {
  const Kit = use(MenuKit)
  return (
    <Kit.RadioGroup value={props.value} onValueChange={(value) => props.onChange(value as T)}>
      <MenuLabel>{props.label}</MenuLabel>
      {props.choices.map(({ value, label, hint }) => (
        <Kit.RadioItem key={value} value={value} className="menu-item">
          <Marked hint={hint}>{label}</Marked>
        </Kit.RadioItem>
      ))}
    </Kit.RadioGroup>
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
  const Kit = use(MenuKit)
  return (
    <Kit.CheckboxItem
      className="menu-item"
      checked={isOn}
      onCheckedChange={onChange}
      onSelect={(event) => staysOpen && event.preventDefault()}
    >
      <Marked hint={hint}>{children}</Marked>
    </Kit.CheckboxItem>
  )
}

/** What stands in an item that can be chosen: the mark while it is, and its words. */
function Marked({ hint, children }: { hint: string | undefined; children: ReactNode }) {
  const Kit = use(MenuKit)
  return (
    <>
      <span className="menu-icon">
        <Kit.ItemIndicator>
          <Check size={14} />
        </Kit.ItemIndicator>
      </span>
      <span className="menu-text">
        {children}
        {hint === undefined ? null : <span className="menu-hint">{hint}</span>}
      </span>
    </>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const Kit = use(MenuKit)
  return <Kit.Label className="menu-label">{children}</Kit.Label>
}

export function MenuSeparator() {
  const Kit = use(MenuKit)
  return <Kit.Separator className="menu-separator" />
}
