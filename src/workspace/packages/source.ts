// Where a package comes from, written as npm writes it: `^1.2`, `npm:other@^1`, an https address, `github:…`, `./folder`.
import validRange from 'semver/ranges/valid'
import { PACKAGE_NAME } from './package-json.ts'

export type PackageSource =
  | { kind: 'npm'; name: string; range: string }
  | { kind: 'url'; url: string }
  | { kind: 'github'; owner: string; repo: string; ref: string }
  | { kind: 'local'; path: string }

const GITHUB =
  /^(?:github:|(?:git\+)?https:\/\/github\.com\/)([\w.-]{1,100})\/([\w.-]{1,100}?)(?:\.git)?\/?(?:#([\w./+-]{1,200}))?$/
const TAG = /^[a-z][\w.-]{0,60}$/
/** Addresses of files of npm packages on content networks: the package behind them is taken from npm. */
const CDN =
  /^https:\/\/(?:unpkg\.com|cdn\.jsdelivr\.net\/npm|esm\.sh)\/((?:@[\w.-]+\/)?[\w.-]+)(?:@([^/]+))?(?:\/.*)?$/

/** http only for what runs on this computer: a server under development. */
const IS_ADDRESS = /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/)/

const HINT =
  'Write a range (^1.2), npm:name@^1, an https address of a .tgz or .zip, github:owner/repo#tag, or ./folder.'

const npm = (name: string, range: string): PackageSource => ({
  kind: 'npm',
  name,
  range: range === '' ? '*' : range,
})

/**
 * What `spec` names as the source of package `name`. Throws an `Error` that says what may be written.
 * Specs as in the dependencies of npm's package.json.
 */
export function parseSource(name: string, spec: string): PackageSource {
  const text = spec.trim()
  const refuse = (): never => {
    throw new Error(`'${spec.slice(0, 100)}' is no source of a package. ${HINT}`)
  }
  const github = GITHUB.exec(text)
  if (github)
    return { kind: 'github', owner: github[1]!, repo: github[2]!, ref: github[3] ?? 'HEAD' }
  const cdn = CDN.exec(text)
  if (cdn) return npm(cdn[1]!.toLowerCase(), cdn[2] ?? '*')
  if (IS_ADDRESS.test(text)) return { kind: 'url', url: new URL(text).href }
  if (/^(?:file:|\.{0,2}\/)/.test(text)) return { kind: 'local', path: text.replace(/^file:/, '') }
  const aliased = /^npm:((?:@[^/@]+\/)?[^@]+)(?:@(.+))?$/.exec(text)
  if (aliased && PACKAGE_NAME.test(aliased[1]!)) {
    const range = aliased[2] ?? '*'
    return isRange(range) ? npm(aliased[1]!, range) : refuse()
  }
  const range = text.replace(/^npm:/, '')
  return text !== '' && isRange(range) && PACKAGE_NAME.test(name) ? npm(name, range) : refuse()
}

const isRange = (text: string): boolean => validRange(text) !== null || TAG.test(text)

/** Name and spec of what a user types: `name`, `name@^1`, an address, `github:…`, a path. No name where it is not told. */
export function parseRequest(text: string): { name?: string; spec: string } {
  const named = /^(@?[^@\s:]+)@(.+)$/.exec(text)
  if (PACKAGE_NAME.test(text)) return { name: text, spec: '*' }
  if (named && PACKAGE_NAME.test(named[1]!)) return { name: named[1]!, spec: named[2]! }
  return { spec: text }
}

/** Hosts that are asked for a source, for the reader's consent. */
export function hostsOf(source: PackageSource, registry: string): string[] {
  if (source.kind === 'local') return []
  if (source.kind === 'url') return [new URL(source.url).host]
  if (source.kind === 'npm') return [new URL(registry).host]
  return ['api.github.com', 'raw.githubusercontent.com']
}
