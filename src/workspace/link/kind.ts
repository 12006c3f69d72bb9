// Which hashes are links, known before the code that reads them is fetched.

/** What a link holds: a workspace, or a plugin to add to one. */
export type LinkKind = 'workspace' | 'plugin'

/** Whether a hash is meant to be a link, of whatever version and health; `undefined` for any other hash. */
export const linkKind = (hash: string): LinkKind | undefined =>
  /^#w\d/.test(hash) ? 'workspace' : /^#p\d/.test(hash) ? 'plugin' : undefined

/** True for a link to a workspace. */
export const isShareLink = (hash: string): boolean => linkKind(hash) === 'workspace'
