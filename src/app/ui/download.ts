// Files given to the user, under names that are safe whatever a plugin or a link called them.

const MAX_LENGTH = 100
/** Windows takes these for devices, whatever their ending. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/**
 * The last part of the name, of letters, digits, spaces and `. _ - ( )` only: no path, nothing hidden, no
 * character that turns the direction of text and so hides the ending.
 */
export function downloadName(name: string): string {
  const last = name.split(/[/\\]/).findLast((part) => /[\p{L}\p{N}]/u.test(part)) ?? ''
  const plain = last
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}\p{M}._ ()-]+/gu, '_')
    .replace(/^[\s._-]+/, '')
    .replace(/[\s.]+$/, '')
  const named = RESERVED.test(plain) ? `_${plain}` : plain
  return shortened(named) || 'artefact'
}

/** Keeps the ending. */
function shortened(name: string): string {
  if (name.length <= MAX_LENGTH) return name
  const ending = /\.[^.]{1,10}$/.exec(name)?.[0] ?? ''
  // Not in the middle of a character.
  return name.slice(0, MAX_LENGTH - ending.length).replace(/\p{Cs}$/u, '') + ending
}

/** Has the browser save a file; never opens it. */
export function download(name: string, content: BlobPart, type = 'application/octet-stream'): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = downloadName(name)
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
