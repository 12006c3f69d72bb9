// The index of packages that come with Plugboard, and what it lists: as fresh as the examples they are made of.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadPackages } from '#workspace'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'public/packages')

test('[P25] every package of the index is there, to the byte, and as its example has it', async () => {
  const { packageIndexSchema, readPackage } = await loadPackages()
  const index = packageIndexSchema.parse(
    JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')),
  )
  expect(index.packages.length).toBeGreaterThan(3)
  const examples = await readdir(join(root, 'examples'))
  for (const { name, version, url, integrity, plugins } of index.packages) {
    const bytes = new Uint8Array(await readFile(join(folder, url)))
    expect(`sha512-${createHash('sha512').update(bytes).digest('base64')}`).toBe(integrity)
    const { json, files, entries } = await readPackage(bytes, name)
    expect([json.name, json.version]).toEqual([name, version])
    expect(plugins.length).toBeGreaterThan(0)

    const [entry = ''] = entries
    const sources = examples.map((example) =>
      readFile(join(root, 'examples', example, entry), 'utf8').catch(() => undefined),
    )
    const at = (await Promise.all(sources)).indexOf(String(files.get(entry)))
    expect(at, `run node scripts/packages/build.mjs: ${name} is not as ${entry} is now`).not.toBe(
      -1,
    )
    for (const [path, content] of files) {
      if (path === 'package.json' || path === 'README.md') continue
      const now = await readFile(join(root, 'examples', examples[at]!, path), 'utf8')
      expect(content, `run node scripts/packages/build.mjs: ${path} of ${name} changed`).toBe(now)
    }
  }
})
