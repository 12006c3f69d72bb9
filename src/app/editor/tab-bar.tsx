// The open files as a row of tabs: click, arrow keys, middle click or Delete to close.
import { baseName, isLibraryPath } from '#workspace'
import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useWorkspace } from '../workspace/use-workspace.ts'
import { workspaceStore } from '../workspace/workspace.ts'

/** Name of a tab, with its folder where two open files have one name. */
function titleOf(path: string, tabs: readonly string[]): string {
  const name = baseName(path)
  const isUnique = tabs.every((other) => other === path || baseName(other) !== name)
  return isUnique ? name : path.split('/').slice(-2).join('/')
}

/** Id of a tab element, for `aria-labelledby`. */
export const tabId = (path: string): string => `tab-${path.replaceAll(/[^\w-]/g, '-')}`

function Tab({ path, title, isActive }: { path: string; title: string; isActive: boolean }) {
  const { openFile, closeTab } = workspaceStore.getState()
  return (
    <div
      className="editor-tab"
      data-active={isActive}
      data-library={isLibraryPath(path)}
      role="presentation"
      onAuxClick={(event) => event.button === 1 && closeTab(path)}
    >
      <button
        id={tabId(path)}
        type="button"
        role="tab"
        aria-selected={isActive}
        aria-controls="editor-text"
        tabIndex={isActive ? 0 : -1}
        title={path}
        onClick={() => openFile(path)}
      >
        {title}
      </button>
      <button
        type="button"
        className="editor-tab-close"
        tabIndex={-1}
        title={`Close ${title} (Delete)`}
        // For the pointer only: a list of tabs may hold nothing but tabs.
        aria-hidden
        onClick={() => closeTab(path)}
      >
        <X size={13} aria-hidden />
      </button>
    </div>
  )
}

export function TabBar() {
  const tabs = useWorkspace((state) => state.tabs)
  const active = useWorkspace((state) => state.active)
  const bar = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const selected = bar.current?.querySelector('[data-active=true]')
    selected?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [active])

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const { openFile, closeTab } = workspaceStore.getState()
    const index = tabs.indexOf(active ?? '')
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 }
    const step = steps[event.key]
    if (event.key === 'Delete' && active !== null) closeTab(active)
    else if (step !== undefined) openFile(tabs[(index + step + tabs.length) % tabs.length]!)
    else return
    event.preventDefault()
    const row = event.currentTarget
    requestAnimationFrame(() =>
      row.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus(),
    )
  }

  return (
    <div
      ref={bar}
      className="editor-tabs"
      role="tablist"
      aria-label="Open files"
      onKeyDown={onKeyDown}
    >
      {tabs.map((path) => (
        <Tab key={path} path={path} title={titleOf(path, tabs)} isActive={path === active} />
      ))}
    </div>
  )
}
