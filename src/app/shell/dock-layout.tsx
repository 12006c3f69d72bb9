// The workbench on a wide screen: panels that can be moved, resized and stacked.
import {
  type DockviewApi,
  DockviewReact,
  type DockviewReadyEvent,
  type DockviewTheme,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
} from 'dockview-react'
import 'dockview-react/dist/styles/dockview.css'
import '../styles/dock.css'
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { PluginPanelView } from '../panels/plugin-panel-view.tsx'
import { buildDefaultLayout, ensurePanels } from './default-layout.ts'
import { LAYOUT_RESET, loadLayout, saveLayout } from './layout-storage.ts'
import { shownPanel } from './navigation.ts'
import { PANELS, PLUGIN_PANEL, usePanelCount, usePluginPanels } from './panel-registry.tsx'

const dockTheme: DockviewTheme = { name: 'plugboard', className: 'dock' }

const components = {
  ...Object.fromEntries(
    Object.entries(PANELS).map(([id, { title, component: Panel }]) => [
      id,
      () => (
        <section className="panel" aria-label={title}>
          <Panel />
        </section>
      ),
    ]),
  ),
  plugin: ({ api }: IDockviewPanelProps) => (
    <section className="panel" aria-label={api.title ?? 'Plugin panel'}>
      <PluginPanelView id={api.id.slice(PLUGIN_PANEL.length)} />
    </section>
  ),
}

function DockTab({ api }: IDockviewPanelHeaderProps) {
  const count = usePanelCount(api.id)
  return (
    <div className="dock-tab">
      {api.title}
      {count === 0 ? null : <span className="count count-danger">{count}</span>}
      {api.id.startsWith(PLUGIN_PANEL) ? (
        <button
          type="button"
          className="dock-tab-close"
          aria-label={`Close ${api.title ?? 'panel'}`}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => api.close()}
        >
          <X size={12} />
        </button>
      ) : null}
    </div>
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
    const reset = () => {
      api.clear()
      buildDefaultLayout(api)
    }
    addEventListener(LAYOUT_RESET, reset)
    return () => {
      clearTimeout(timer)
      changes.dispose()
      removeEventListener(LAYOUT_RESET, reset)
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

/** Gives each new panel of a plugin a tab; one that the user closed stays closed while it is defined. */
function usePluginTabs(api: DockviewApi | undefined) {
  const wanted = usePluginPanels()
  const offered = useRef(new Set<string>())
  useEffect(() => {
    if (!api) return
    for (const { id, title } of wanted) {
      const shown = api.getPanel(id)
      if (shown) shown.api.setTitle(title)
      else if (!offered.current.has(id)) {
        const position = { referencePanel: 'run', direction: 'within' } as const
        api.addPanel({ id, title, component: 'plugin', position })
      }
    }
    offered.current = new Set(wanted.map(({ id }) => id))
  }, [api, wanted])
}
