// What an address that somebody pastes leads to: a gist, a folder on GitHub, an archive, a file. Asks nobody yet.

export type RemoteWorkspace =
  | { kind: 'gist'; id: string }
  | { kind: 'github'; owner: string; repo: string; ref: string; folder: string }
  | { kind: 'archive'; url: string }
  | { kind: 'file'; url: string }

export interface RemoteAddress {
  source: RemoteWorkspace
  /** Hosts that are asked, for the reader's consent. */
  hosts: readonly string[]
  /** Short name for the workspace. */
  name: string
}

const NAME = String.raw`[\w.-]{1,100}`
const GIST = new RegExp(String.raw`^/(?:${NAME}/)?([0-9a-f]{20,40})(?:/.*)?$`)
const REPOSITORY = new RegExp(String.raw`^/(${NAME})/(${NAME}?)(?:\.git)?/?$`)
const TREE = new RegExp(String.raw`^/(${NAME})/(${NAME})/tree/([^/]+)/?(.*?)/?$`)
const BLOB = new RegExp(String.raw`^/(${NAME})/(${NAME})/(?:blob|raw)/([^/]+)/(.+)$`)

const FORMS =
  'Paste the address of a gist, of a repository or folder on GitHub, of a .zip or .tgz, or of a raw file, beginning with https://.'

/** The last part of a path, as a name without ending. */
const nameOf = (path: string): string =>
  decodeURIComponent(path.split('/').findLast((part) => part !== '') ?? 'shared')
    .replace(/\.(zip|tgz|tar\.gz|ts|yaml|md)$/, '')
    .slice(0, 100)

/** Throws an `Error` that says what may be pasted. */
export function parseAddress(text: string): RemoteAddress {
  let url: URL
  try {
    url = new URL(text.trim())
  } catch {
    throw new Error(`'${text.trim().slice(0, 100)}' is no address. ${FORMS}`)
  }
  if (url.protocol !== 'https:') {
    throw new Error(`${url.protocol}// cannot be fetched from here: only https is. ${FORMS}`)
  }
  const { hostname, pathname } = url
  const gist = hostname === 'gist.github.com' ? GIST.exec(pathname) : null
  if (gist) {
    return {
      source: { kind: 'gist', id: gist[1]! },
      hosts: ['api.github.com', 'gist.githubusercontent.com'],
      name: 'gist',
    }
  }
  if (hostname === 'github.com') return onGitHub(pathname)
  const isArchive = /\.(zip|tgz|tar\.gz)$/i.test(pathname)
  return {
    source: { kind: isArchive ? 'archive' : 'file', url: url.href },
    hosts: [url.host],
    name: nameOf(pathname),
  }
}

function onGitHub(pathname: string): RemoteAddress {
  const hosts = ['api.github.com', 'raw.githubusercontent.com']
  const whole = REPOSITORY.exec(pathname)
  const tree = TREE.exec(pathname)
  if (whole ?? tree) {
    const [, owner = '', repo = '', ref = 'HEAD', folder = ''] = (whole ?? tree)!
    const source = { kind: 'github' as const, owner, repo, ref, folder: decodeURIComponent(folder) }
    return { source, hosts, name: nameOf(folder === '' ? repo : folder) }
  }
  const blob = BLOB.exec(pathname)
  if (!blob)
    throw new Error(`github.com${pathname} is neither a repository, a folder nor a file. ${FORMS}`)
  const [, owner = '', repo = '', ref = '', path = ''] = blob
  const url = `https://raw.githubusercontent.com/${owner}/${repo}/${ref}/${path}`
  const kind = /\.(zip|tgz|tar\.gz)$/i.test(path) ? 'archive' : 'file'
  return { source: { kind, url }, hosts: ['raw.githubusercontent.com'], name: nameOf(path) }
}
