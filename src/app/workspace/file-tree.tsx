// The workspace's files as a tree: open, make, rename, delete, add from disk. All of it by keyboard too.
import { FilePlus, Upload } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { ActionButton } from '../actions/action-controls.tsx'
import { newPluginAction } from '../new-plugin/new-plugin-action.ts'
import { IconButton } from '../ui/button.tsx'
import { PathInput } from './path-input.tsx'
import { addFiles, deleteFile, makeFile, moveFile } from './file-actions.ts'
import { TreeRow } from './tree-row.tsx'
import { treeOf, visibleNodes } from './tree.ts'
import { useWorkspace } from './use-workspace.ts'
import { showPanel } from '../shell/shown-panel.ts'
import { workspaceStore } from './workspace.ts'
import './file-tree.css'

/** Paths as one stable value, so that typing in a file doesn't draw the tree again. */
const usePaths = (): string[] => {
  const joined = useWorkspace(({ files }) => [...files.keys()].join('\n'))
  return useMemo(() => (joined === '' ? [] : joined.split('\n')), [joined])
}

type Editing = { kind: 'new' } | { kind: 'rename'; path: string } | null

/** Another panel may lie over the editor. */
function openInEditor(path: string): void {
  workspaceStore.getState().openFile(path)
  showPanel('editor')
}

export function FileTree() {
  const paths = usePaths()
  const active = useWorkspace((state) => state.active)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [cursor, setCursor] = useState<string | null>(null)
  const [editing, setEditing] = useState<Editing>(null)
  const list = useRef<HTMLDivElement>(null)
  const picker = useRef<HTMLInputElement>(null)

  const rows = visibleNodes(treeOf(paths), closed)
  const focused = rows.some(({ node }) => node.path === cursor)
    ? cursor
    : (active ?? rows[0]?.node.path)

  const focusRow = (path: string | undefined): void => {
    if (path === undefined) return
    const row = list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)
    row?.focus()
  }
  const toggle = (path: string, isOpen: boolean): void => {
    const next = new Set(closed)
    if (isOpen) next.delete(path)
    else next.add(path)
    setClosed(next)
  }
  const endEditing = (path: string | null): void => {
    setEditing(null)
    if (path !== null) setCursor(path)
    requestAnimationFrame(() => focusRow(path ?? focused ?? undefined))
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const index = rows.findIndex(({ node }) => node.path === focused)
    const node = rows[index]?.node
    if (!node || editing) return
    const isFolder = node.kind === 'folder'
    const actions: Record<string, () => void> = {
      ArrowDown: () => focusRow(rows[index + 1]?.node.path),
      ArrowUp: () => focusRow(rows[index - 1]?.node.path),
      Home: () => focusRow(rows[0]?.node.path),
      End: () => focusRow(rows.at(-1)?.node.path),
      ArrowRight: () => isFolder && toggle(node.path, true),
      ArrowLeft: () =>
        isFolder && !closed.has(node.path)
          ? toggle(node.path, false)
          : focusRow(node.path.slice(0, Math.max(0, node.path.lastIndexOf('/'))) || undefined),
      F2: () => !isFolder && setEditing({ kind: 'rename', path: node.path }),
      Delete: () => {
        if (isFolder) return
        deleteFile(node.path)
        focusRow((rows[index + 1] ?? rows[index - 1])?.node.path)
      },
    }
    const act = actions[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  const onDrop = (event: DragEvent<HTMLElement>): void => {
    event.preventDefault()
    void addFiles([...event.dataTransfer.files])
  }

  return (
    <div className="file-tree" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <header>
        <span>Files</span>
        <IconButton
          label="New file"
          icon={<FilePlus size={15} />}
          onClick={() => setEditing({ kind: 'new' })}
        />
        <ActionButton action={newPluginAction} />
        <IconButton
          label="Add files from this computer, or drop them here"
          icon={<Upload size={15} />}
          onClick={() => picker.current?.click()}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            void addFiles([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
      </header>
      {editing?.kind === 'new' && (
        <PathInput
          label="Path of the new file"
          initial="plugins/.ts"
          selection={[8, 8]}
          onDone={(path) => void makeFile(path).then(() => endEditing(path))}
          onCancel={() => endEditing(null)}
        />
      )}
      <div
        ref={list}
        role="tree"
        aria-label="Files"
        // Keys act on the row that has the focus, however it came there.
        onFocus={({ target }) => setCursor(target.dataset['path'] ?? cursor)}
        onKeyDown={onKeyDown}
      >
        {rows.map(({ node, depth }) =>
          editing?.kind === 'rename' && editing.path === node.path ? (
            <PathInput
              key={node.path}
              label={`New path of ${node.path}`}
              initial={node.path}
              selection={[node.path.length - node.name.length, node.path.length]}
              ignore={node.path}
              onDone={(path) => (moveFile(node.path, path), endEditing(path))}
              onCancel={() => endEditing(null)}
            />
          ) : (
            <TreeRow
              key={node.path}
              node={node}
              depth={depth}
              isActive={node.path === active}
              isFocusable={node.path === focused}
              isOpen={node.kind === 'folder' && !closed.has(node.path)}
              onOpen={() => {
                setCursor(node.path)
                if (node.kind === 'folder') toggle(node.path, closed.has(node.path))
                else openInEditor(node.path)
              }}
              onRename={() => setEditing({ kind: 'rename', path: node.path })}
              onDelete={() => deleteFile(node.path)}
            />
          ),
        )}
      </div>
    </div>
  )
}
