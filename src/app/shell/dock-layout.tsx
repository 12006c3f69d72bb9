// The workbench on a wide screen: panels that can be moved, resized and stacked.
import {
  type DockviewApi,
  DockviewReact,
  type DockviewReadyEvent,
  type DockviewTheme,
  type IDockviewHeaderActionsProps,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
} from 'dockview-react'
import 'dockview-react/dist/styles/dockview.css'
import '../styles/dock.css'
import { CircleHelp, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { panelSection, showHelp } from '../help/help-actions.ts'
import { DockPanel } from './dock-panel.tsx'
import { buildDefaultLayout, ensurePanels } from './default-layout.ts'
import { LAYOUT_RESET, loadLayout, saveLayout } from './layout-storage.ts'
import { shownPanel } from './navigation.ts'
import { PanelBadge } from './panel-badge.tsx'
import {
  PANELS,
  PLUGIN_PANEL,
  PluginPanelView,
  usePanelCount,
  usePluginPanels,
} from './panel-registry.tsx'

const dockTheme: DockviewTheme = { name: 'plugboard', className: 'dock' }

const components = {
  ...Object.fromEntries(
    Object.entries(PANELS).map(([id, { title, component: Panel }]) => [
      id,
      ({ api }: IDockviewPanelProps) => (
        <DockPanel api={api} title={title} isLasting={id === 'editor'}>
          <Panel />
        </DockPanel>
      ),
    ]),
  ),
  plugin: ({ api }: IDockviewPanelProps) => (
    <DockPanel api={api} title={api.title ?? 'This panel'}>
      <PluginPanelView id={api.id.slice(PLUGIN_PANEL.length)} />
    </DockPanel>
  ),
}

function DockTab({ api }: IDockviewPanelHeaderProps) {
  const count = usePanelCount(api.id)
  return (
    <div className="dock-tab">
      {api.title}
      <PanelBadge count={count} />
    </div>
  )
}

/** Tells what the panel in front is for; closes it, if it is one that a plugin opened. Beside the tabs: a tab holds no button. */
function HeaderActions({ activePanel }: IDockviewHeaderActionsProps) {
  if (!activePanel) return null
  const { id, title = 'panel' } = activePanel
  const isOwn = id.startsWith(PLUGIN_PANEL)
  return (
    <button
      type="button"
      className="dock-close"
      aria-label={isOwn ? `Close ${title}` : `What is ${title} for?`}
      title={isOwn ? undefined : `What is ${title} for?`}
      onClick={() => (isOwn ? activePanel.api.close() : showHelp(panelSection(title)))}
    >
      {isOwn ? <X size={14} /> : <CircleHelp size={14} />}
    </button>
  )
}

const SAVE_DELAY_MS = 300

export function DockLayout() {
  const [api, setApi] = useState<DockviewApi>()
  useKeptLayout(api)
  useHeaders(api)
  useShownPanel(api)
  usePluginTabs(api)

  function onReady({ api: ready }: DockviewReadyEvent) {
    const kept = loadLayout()
    try {
      if (kept) ready.fromJSON(kept)
      else buildDefaultLayout(ready)
    } catch {
      // A layout of another version or a damaged one.
      ready.clear()
      buildDefaultLayout(ready)
    }
    ensurePanels(ready)
    setApi(ready)
  }

  return (
    <DockviewReact
      theme={dockTheme}
      components={components}
      defaultTabComponent={DockTab}
      rightHeaderActionsComponent={HeaderActions}
      onReady={onReady}
      defaultRenderer="onlyWhenVisible"
      disableFloatingGroups
      noPanelsOverlay="emptyGroup"
    />
  )
}

function useKeptLayout(api: DockviewApi | undefined) {
  useEffect(() => {
    if (!api) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const changes = api.onDidLayoutChange(() => {
      clearTimeout(timer)
      timer = setTimeout(() => saveLayout(api.toJSON()), SAVE_DELAY_MS)
    })
    return () => {
      clearTimeout(timer)
      changes.dispose()
    }
  }, [api])
}

/** Panels with a header of their own need no tab while they are alone in their group. */
const SELF_TITLED = new Set(['editor', 'files'])

function titleGroup({ panels, model: { header } }: DockviewApi['groups'][number]) {
  const isSelfTitled = panels.length === 1 && SELF_TITLED.has(panels[0]!.id)
  if (header.hidden !== isSelfTitled) header.hidden = isSelfTitled
}

function useHeaders(api: DockviewApi | undefined) {
  useEffect(() => {
    if (!api) return
    const update = () => {
      for (const group of api.groups) titleGroup(group)
    }
    update()
    const changes = api.onDidLayoutChange(update)
    return () => changes.dispose()
  }, [api])
}

function useShownPanel(api: DockviewApi | undefined) {
  useEffect(
    () =>
      shownPanel.subscribe(({ request }) => {
        if (request) api?.getPanel(request.id)?.api.setActive()
      }),
    [api],
  )
}

/**
 * Gives each new panel of a plugin a tab, for as long as it is defined; one that the user closed stays closed
 * until the layout is reset.
 */
function usePluginTabs(api: DockviewApi | undefined) {
  const wanted = usePluginPanels()
  const offered = useRef(new Set<string>())
  useEffect(() => {
    if (!api) return
    const offer = () => {
      for (const { id, title } of wanted) {
        const shown = api.getPanel(id)
        if (shown) shown.api.setTitle(title)
        else if (!offered.current.has(id)) {
          const position = { referencePanel: 'run', direction: 'within' } as const
          api.addPanel({ id, title, component: 'plugin', position })
        }
        offered.current.delete(id)
      }
      for (const gone of offered.current) api.getPanel(gone)?.api.close()
      offered.current = new Set(wanted.map(({ id }) => id))
    }
    const reset = () => {
      offered.current.clear()
      api.clear()
      buildDefaultLayout(api)
      offer()
    }
    offer()
    addEventListener(LAYOUT_RESET, reset)
    return () => removeEventListener(LAYOUT_RESET, reset)
  }, [api, wanted])
}
