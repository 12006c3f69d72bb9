// The action that shows all examples and templates, and whether they are shown.
import { LayoutGrid } from 'lucide-react'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'

export const gallery = createStore(() => ({ isOpen: false }))

export const galleryAction: Action = {
  id: 'gallery',
  title: 'Examples and templates…',
  group: 'Workspace',
  hint: 'with pictures; each opens as a workspace of its own',
  icon: LayoutGrid,
  run: () => gallery.setState({ isOpen: true }),
}
