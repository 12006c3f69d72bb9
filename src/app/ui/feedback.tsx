// What a panel says when it has nothing to show, and banners that something calls for attention.
import { Info, OctagonAlert, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyStateProps {
  icon: ReactNode
  title: string
  /** What would fill this panel. */
  children: ReactNode
}

export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <span className="empty-icon" aria-hidden="true">
        {icon}
      </span>
      <p className="empty-title">{title}</p>
      <div className="empty-text">{children}</div>
    </div>
  )
}

const TONES = {
  info: <Info size={16} />,
  warning: <TriangleAlert size={16} />,
  danger: <OctagonAlert size={16} />,
}

interface BannerProps {
  tone: keyof typeof TONES
  title: string
  children?: ReactNode
  actions?: ReactNode
  onDismiss?: () => void
}

export function Banner({ tone, title, children, actions, onDismiss }: BannerProps) {
  return (
    <section
      className={`banner banner-${tone}`}
      role={tone === 'danger' ? 'alert' : 'status'}
      aria-label={title}
    >
      <span className="banner-icon" aria-hidden="true">
        {TONES[tone]}
      </span>
      <div className="banner-body">
        <p className="banner-title">{title}</p>
        {children}
      </div>
      {actions}
      {onDismiss === undefined ? null : (
        <button
          type="button"
          className="button icon-button button-quiet"
          aria-label="Dismiss"
          onClick={onDismiss}
        >
          <X size={15} />
        </button>
      )}
    </section>
  )
}
