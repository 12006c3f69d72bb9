// Buttons, with or without words.
import type { ComponentProps, ReactNode } from 'react'
import { Tooltip } from './tooltip.tsx'

interface ButtonProps extends ComponentProps<'button'> {
  variant?: 'primary' | 'plain' | 'quiet' | 'danger'
  icon?: ReactNode
}

export function Button({ variant = 'plain', icon, children, className, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button button-${variant} ${className ?? ''}`} {...rest}>
      {icon}
      {children === undefined ? null : <span className="button-label">{children}</span>}
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** Says what it does, to screen readers and in the tooltip. */
  label: string
  /** Keys that do the same, shown in the tooltip. */
  shortcut?: string
  icon: ReactNode
  variant?: 'plain' | 'quiet'
}

export function IconButton({
  label,
  shortcut,
  icon,
  variant = 'quiet',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        className={`button icon-button button-${variant} ${className ?? ''}`}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  )
}
