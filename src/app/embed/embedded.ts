// Whether the page is shown in a frame of another page, and what of it: ?embed=editor,charts,run.

const asked = new URLSearchParams(location.search).get('embed')

export const isEmbedded = asked !== null

export type EmbedPart = 'editor' | 'charts' | 'run'
const PARTS: readonly EmbedPart[] = ['editor', 'charts', 'run']

/** All where nothing else is asked for. */
export const embedParts: readonly EmbedPart[] = (() => {
  const wanted = PARTS.filter((part) => asked?.split(',').includes(part))
  return wanted.length === 0 ? PARTS : wanted
})()
