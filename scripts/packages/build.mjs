// Makes the packages that come with Plugboard from plugins of its examples, and their index, in public/packages.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** Plugin of each package, by the example that has it. */
const PLUGINS = {
  'tour-apt': ['gradient_limit', 'nearby_attention', 'stop_when_flat', 'weight_average'],
  'tour-arc': ['custom_layers', 'focal_loss', 'lion'],
  'tour-moe': ['soft_router'],
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'public/packages')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

/**
 * The text of package.json, which is the first file of the archive.
 * @param {Buffer} tar
 */
function packageJsonOf(tar) {
  const size = parseInt(tar.toString('latin1', 124, 135), 8)
  return JSON.parse(tar.toString('utf8', 512, 512 + size))
}

const packages = []
for (const [example, plugins] of Object.entries(PLUGINS)) {
  for (const plugin of plugins) {
    const cli = join(root, 'scripts/plugboard.mjs')
    const args = ['pack', plugin, join(root, 'examples', example), '--license', 'MIT']
    const said = execFileSync(process.execPath, [cli, ...args, '--out', folder], {
      encoding: 'utf8',
    })
    const path = /: (\S+\.tgz), /.exec(said)?.[1] ?? ''
    const archive = readFileSync(path)
    const json = packageJsonOf(gunzipSync(archive))
    const { name, version, description, license, keywords, peerDependencies, plugboard } = json
    packages.push({
      name,
      version,
      description,
      license,
      keywords,
      plugins: plugboard.plugins,
      peerDependencies,
      url: `./${name}-${version}.tgz`,
      integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
      sizeBytes: archive.length,
    })
    console.log(said.split('\n').at(-2))
  }
}
packages.sort((a, b) => (a.name < b.name ? -1 : 1))
const index = { plugboardIndex: 1, title: 'Packages that come with Plugboard', packages }
writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`)
