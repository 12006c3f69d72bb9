// Panels that plugins describe, with what they last showed.
import type { PanelSpec, ShownContent } from '#sdk'
import type { EngineEvent } from '#protocol'

export interface PluginPanel {
  readonly spec: PanelSpec
  readonly plugin: string | undefined
  readonly content: ShownContent | undefined
  /** Its plugin is down; what it showed last stays readable until the next run begins. */
  readonly isGone: boolean
}

/** By panel id, in order of definition. */
export type PanelsSlice = Readonly<Record<string, PluginPanel>>

export function reducePanels(panels: PanelsSlice, event: EngineEvent): PanelsSlice {
  switch (event.type) {
    case 'panel.defined': {
      const { id } = event.data
      const content = panels[id]?.content
      return { ...panels, [id]: { spec: event.data, plugin: event.plugin, content, isGone: false } }
    }
    case 'panel.shown': {
      const { id, content } = event.data
      const panel = panels[id]
      return panel ? { ...panels, [id]: { ...panel, content } } : panels
    }
    case 'panel.removed': {
      const panel = panels[event.data.id]
      return panel ? { ...panels, [event.data.id]: { ...panel, isGone: true } } : panels
    }
    case 'run.begin':
      return Object.fromEntries(Object.entries(panels).filter(([, panel]) => !panel.isGone))
    default:
      return panels
  }
}

/** All panels as left over from an engine that is gone. */
export function abandonPanels(panels: PanelsSlice): PanelsSlice {
  return Object.fromEntries(
    Object.entries(panels).map(([id, panel]) => [id, { ...panel, isGone: true }]),
  )
}
