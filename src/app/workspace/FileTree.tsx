// The workspace's files as a tree.
export function FileTree() {
  return <div className="file-tree" />
}
