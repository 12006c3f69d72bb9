// Whether the page is shown in a frame of another page, and what of it: ?embed=editor,charts,run.

/** Node, where the stores are tested, has no location. */
const { location: address } = globalThis as { location?: Location }

const asked = (): string | null => new URLSearchParams(address?.search).get('embed')

export const isEmbedded = (): boolean => asked() !== null

export type EmbedPart = 'editor' | 'charts' | 'run'
const PARTS: readonly EmbedPart[] = ['editor', 'charts', 'run']

/** All where nothing else is asked for. */
export function embedParts(): readonly EmbedPart[] {
  const named = asked()?.split(',')
  const wanted = PARTS.filter((part) => named?.includes(part))
  return wanted.length === 0 ? PARTS : wanted
}
