// Paths as a tree of folders, in the order a reader expects: project file and README first, then folders, then files.
import { baseName } from '#workspace'

export interface FileNode {
  kind: 'file'
  path: string
  name: string
}
export interface FolderNode {
  kind: 'folder'
  path: string
  name: string
  children: TreeNode[]
}
export type TreeNode = FileNode | FolderNode

const FIRST = ['plugboard.yaml', 'README.md']

const rank = (node: TreeNode): number => {
  const place = FIRST.indexOf(node.path)
  return place >= 0 ? place : node.kind === 'folder' ? FIRST.length : FIRST.length + 1
}

function sort(nodes: TreeNode[]): TreeNode[] {
  return nodes.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

/** The tree of `paths`; empty folders don't exist. */
export function treeOf(paths: Iterable<string>): TreeNode[] {
  const roots: TreeNode[] = []
  const folders = new Map<string, FolderNode>()
  const childrenOf = (folder: string): TreeNode[] => {
    if (folder === '') return roots
    const known = folders.get(folder)
    if (known) return known.children
    const node: FolderNode = { kind: 'folder', path: folder, name: baseName(folder), children: [] }
    folders.set(folder, node)
    childrenOf(folder.slice(0, Math.max(0, folder.lastIndexOf('/')))).push(node)
    return node.children
  }
  for (const path of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    childrenOf(folder).push({ kind: 'file', path, name: baseName(path) })
  }
  for (const folder of folders.values()) sort(folder.children)
  return sort(roots)
}

/** The nodes that are to be seen, from top to bottom, with their depth. */
export function visibleNodes(
  nodes: readonly TreeNode[],
  closed: ReadonlySet<string>,
  depth = 0,
): { node: TreeNode; depth: number }[] {
  return nodes.flatMap((node) => [
    { node, depth },
    ...(node.kind === 'folder' && !closed.has(node.path)
      ? visibleNodes(node.children, closed, depth + 1)
      : []),
  ])
}
