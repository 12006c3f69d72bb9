// Where panels lie on a first visit, and after a reset.
import type { AddPanelPositionOptions, DockviewApi } from 'dockview-react'
import { PANELS, type PanelId } from './panel-registry.tsx'

const LEFT_SHARE = 0.17
const RIGHT_SHARE = 0.31
const BOTTOM_SHARE = 0.28

/** Smallest width of a side column, in pixels. */
const LEFT_MIN = 190
const RIGHT_MIN = 300

export function buildDefaultLayout(api: DockviewApi): void {
  const { width, height } = api
  const left = Math.max(LEFT_MIN, Math.round(width * LEFT_SHARE))
  const right = Math.max(RIGHT_MIN, Math.round(width * RIGHT_SHARE))
  add(api, 'editor')
  add(api, 'files', { referencePanel: 'editor', direction: 'left' }, { initialWidth: left })
  add(api, 'charts', { referencePanel: 'editor', direction: 'right' }, { initialWidth: right })
  add(api, 'config', { referencePanel: 'editor' }, { inactive: true })
  add(api, 'data', { referencePanel: 'editor' }, { inactive: true })
  add(api, 'runs', { referencePanel: 'editor' }, { inactive: true })
  add(api, 'help', { referencePanel: 'editor' }, { inactive: true })
  add(api, 'problems', { referencePanel: 'editor', direction: 'below' })
  add(api, 'timeline', { referencePanel: 'problems' })
  add(api, 'profiler', { referencePanel: 'problems' })
  add(api, 'tests', { referencePanel: 'problems' })
  add(api, 'console', { referencePanel: 'problems' })
  add(api, 'plugins', { referencePanel: 'files', direction: 'below' })
  add(api, 'model', { referencePanel: 'charts' }, { inactive: true })
  add(api, 'tryIt', { referencePanel: 'charts' }, { inactive: true })
  add(api, 'run', { referencePanel: 'charts', direction: 'below' })
  const sizes = {
    problems: { height: height * BOTTOM_SHARE },
    plugins: { height: height * 0.62 },
    run: { height: height * 0.38 },
    files: { width: left },
    charts: { width: right },
  }
  for (const [id, size] of Object.entries(sizes)) api.getPanel(id)?.group.api.setSize(size)
  for (const id of ['timeline', 'editor']) api.getPanel(id)?.api.setActive()
}

/** Adds panels that a kept layout doesn't know, and gives all their present titles. */
export function ensurePanels(api: DockviewApi): void {
  for (const [id, { title }] of Object.entries(PANELS)) {
    const panel = api.getPanel(id)
    if (panel) panel.api.setTitle(title)
    else if (api.getPanel('problems'))
      add(api, id as PanelId, { referencePanel: 'problems' }, { inactive: true })
    else add(api, id as PanelId)
  }
}

function add(
  api: DockviewApi,
  id: PanelId,
  position?: AddPanelPositionOptions,
  options: { initialWidth?: number; inactive?: boolean } = {},
) {
  const { title } = PANELS[id]
  api.addPanel({ id, title, component: id, ...(position ? { position } : {}), ...options })
}
