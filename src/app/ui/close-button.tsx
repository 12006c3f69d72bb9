// Closes a dialog. The last in it, so that the focus begins in what it asks for, and seen in its upper corner.
import { X } from 'lucide-react'

export const CloseButton = ({ onClose }: { onClose: () => void }) => (
  <button
    type="button"
    className="button icon-button button-quiet dialog-close"
    aria-label="Close"
    onClick={onClose}
  >
    <X size={16} />
  </button>
)
