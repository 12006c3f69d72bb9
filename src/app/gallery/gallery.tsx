// The gallery, while it is asked for; its code comes with the first time.
import { useStore } from 'zustand'
import { late } from '../ui/late.tsx'
import { gallery } from './gallery-actions.ts'

const GalleryDialog = late(async () => (await import('./gallery-dialog.tsx')).GalleryDialog)

export function Gallery() {
  const { isOpen } = useStore(gallery)
  return isOpen ? <GalleryDialog /> : null
}
