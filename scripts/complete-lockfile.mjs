/**
 * Adds to package-lock.json the optional packages of other platforms (native bindings) that npm
 * left out because the registry in use did not have them. Without these entries `npm ci` calls
 * the lockfile out of sync. Run it after an `npm install` that changed a package with bindings.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]
/** @type {Record<string, string>} */
const LIBRARIES = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' }

/**
 * Reads `os`, `cpu` and `libc` out of a binding's name, such as `@oxfmt/binding-linux-x64-musl`.
 * @param {string} name
 */
function platform(name) {
  const words = name.split(/[/-]/)
  const os = SYSTEMS.find((word) => words.includes(word))
  const cpu = PROCESSORS.find((word) => words.includes(word))
  const libc = os === 'linux' ? LIBRARIES[words.at(-1) ?? ''] : undefined
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) }
}

let added = 0
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`
    if (key in lock.packages) continue
    const where = platform(name)
    console.log(`${name}@${version}`, JSON.stringify(where))
    lock.packages[key] = { version, ...(entry.dev && { dev: true }), optional: true, ...where }
    added += 1
  }
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
writeFileSync(
  file,
  `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
)
console.log(`${added} entries added`)
