// Switches, names, makes and deletes workspaces.
export function WorkspaceMenu() {
  return <div className="workspace-menu" />
}
