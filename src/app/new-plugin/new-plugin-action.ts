// The action that asks what plugin is to be made.
import { PackagePlus } from 'lucide-react'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'

/** Whether a plugin is being made. */
export const makingPlugin = createStore(() => ({ isOpen: false }))

export const newPluginAction: Action = {
  id: 'plugin.new',
  title: 'New plugin…',
  group: 'Files',
  hint: 'from a template, with its test',
  icon: PackagePlus,
  run: () => makingPlugin.setState({ isOpen: true }),
}
