// What a right click, a long press or the menu key opens over an element.
import { ContextMenu as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { MenuKit } from './menu.tsx'

interface ContextMenuProps {
  /** The element; it passes on what it is given. */
  children: ReactElement
  /** Items of a menu. */
  menu: ReactNode
}

export const ContextMenu = ({ children, menu }: ContextMenuProps) => (
  <Radix.Root modal={false}>
    <Radix.Trigger asChild>{children}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content className="menu" collisionPadding={8}>
        <MenuKit value={Radix}>{menu}</MenuKit>
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
