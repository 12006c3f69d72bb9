// Keeps the script hash in public/sandbox.html's policy right. Run it after each edit of that page.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

export const sandboxPage = fileURLToPath(new URL('../public/sandbox.html', import.meta.url))

/**
 * The page with the hash of its one inline script in its policy. Throws when it finds no such script or policy.
 * @param {string} html
 */
export function withScriptHash(html) {
  const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)]
  const policies = html.match(/'sha256-[^']*'/g) ?? []
  const text = scripts[0]?.[1]
  if (text === undefined || scripts.length !== 1 || policies.length !== 1) {
    throw new Error(
      `The sandbox page has ${scripts.length} inline scripts and ${policies.length} hashes; it must have one of each.`,
    )
  }
  const hash = createHash('sha256').update(text).digest('base64')
  return html.replace(/'sha256-[^']*'/, () => `'sha256-${hash}'`)
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(sandboxPage, withScriptHash(readFileSync(sandboxPage, 'utf8')))
}
