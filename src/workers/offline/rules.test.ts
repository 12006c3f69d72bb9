// Which caches the service worker keeps, and what it takes for the page.
import { expect, test } from 'vitest'
import { isPagePath, isSandboxPath, surplusCaches } from './rules.ts'

const cache = (builtAt: number): string => `plugboard-page-${builtAt}-abc123`

test('the version before the one in use is kept for its open pages; older ones go', () => {
  const names = [cache(900), cache(1000), cache(200), 'plugboard-data', 'of-somebody-else']
  expect(surplusCaches(names, cache(1000))).toEqual([cache(200)])
})

test('after a return to an older version its successor counts as the other one', () => {
  const names = [cache(1000), cache(900), cache(800)]
  expect(surplusCaches(names, cache(900))).toEqual([cache(800)])
})

test('only the page and the sandbox as it is asked for offline are answered', () => {
  expect(['', 'index.html', 'bench/', 'sandbox.html'].map(isPagePath)).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(isSandboxPath('sandbox.html', '?offline')).toBe(true)
  expect(isSandboxPath('sandbox.html', '')).toBe(false)
})
