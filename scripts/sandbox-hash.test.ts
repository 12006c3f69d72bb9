// The sandbox page's policy must admit its own script, and nothing beyond what the design allows.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sandboxPage, withScriptHash } from './sandbox-hash.mjs'

const html = readFileSync(sandboxPage, 'utf8')

describe('public/sandbox.html', () => {
  it('carries the hash of its script', () => {
    expect(withScriptHash(html)).toBe(html)
  })

  it('notices an edited script', () => {
    const edited = html.replace("'use strict'", "'use strict' ")
    expect(withScriptHash(edited)).not.toBe(edited)
  })

  it('refuses a page with a second script', () => {
    expect(() => withScriptHash(html.replace('</head>', '<script>1</script></head>'))).toThrow(
      '2 inline scripts',
    )
  })

  it('allows no network, no storage and no other script', () => {
    const policy = /content="(default-src[^"]*)"/.exec(html)?.[1]?.replace(/'sha256-[^']*'/, 'HASH')
    expect(policy).toBe(
      "default-src 'none'; script-src HASH blob: 'wasm-unsafe-eval'; worker-src data:; " +
        "connect-src 'none'; base-uri 'none'; form-action 'none'",
    )
  })
})
