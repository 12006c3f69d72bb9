// One line of the file tree.
import { ChevronDown, ChevronRight, File, FileCode, Pencil, Trash2 } from 'lucide-react'
import type { TreeNode } from './tree.ts'

interface TreeRowProps {
  node: TreeNode
  depth: number
  isActive: boolean
  isFocusable: boolean
  isOpen: boolean
  onOpen: () => void
  onRename: () => void
  onDelete: () => void
}

const STEP_PX = 14

function Icon({ node, isOpen }: { node: TreeNode; isOpen: boolean }) {
  if (node.kind === 'file') {
    return node.path.endsWith('.ts') ? (
      <FileCode size={14} aria-hidden />
    ) : (
      <File size={14} aria-hidden />
    )
  }
  return isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />
}

export function TreeRow(props: TreeRowProps) {
  const { node, depth, isActive, isFocusable, isOpen, onOpen, onRename, onDelete } = props
  const isFile = node.kind === 'file'
  return (
    <div className="tree-row" data-active={isActive} role="none">
      <button
        type="button"
        role="treeitem"
        className="tree-name"
        data-path={node.path}
        style={{ paddingLeft: 8 + depth * STEP_PX }}
        aria-level={depth + 1}
        aria-selected={isActive}
        {...(!isFile && { 'aria-expanded': isOpen })}
        {...(isFile && { 'aria-keyshortcuts': 'F2 Delete' })}
        tabIndex={isFocusable ? 0 : -1}
        title={node.path}
        onClick={onOpen}
      >
        <Icon node={node} isOpen={isOpen} />
        <span>{node.name}</span>
      </button>
      {isFile && (
        // For the pointer only: a tree may hold nothing but its items, which have keys for both.
        <span className="tree-actions" aria-hidden>
          <button type="button" tabIndex={-1} title={`Rename ${node.path} (F2)`} onClick={onRename}>
            <Pencil size={13} aria-hidden />
          </button>
          <button
            type="button"
            tabIndex={-1}
            title={`Delete ${node.path} (Delete)`}
            onClick={onDelete}
          >
            <Trash2 size={13} aria-hidden />
          </button>
        </span>
      )}
    </div>
  )
}
