// Fresh sandboxes for tests: a served test page, and module text run behind the wall of one.
import { expect, type Page, test as base } from '@playwright/test'
import type { LostReason } from '../../src/app/remote/index.ts'
import { openSite, type Site } from './site.ts'

export interface Outcome {
  value?: unknown
  error?: Record<string, unknown>
  lost?: LostReason
  /** From the call to the end of the sandbox. */
  lostAfterMs?: number
  longestGapMs: number
}

export interface Attempt {
  code: string
  label?: string
  /** Waits for the end of the sandbox, at most this long, after the call has settled. */
  waitMs?: number
}

interface Fixtures {
  /** Opens the page at `path` and runs module text in a fresh sandbox of it. */
  attempt(details: Attempt & { path?: string }): Promise<Outcome>
  /** Like `attempt`, on the page as it is. */
  again(details: Attempt): Promise<Outcome>
  /**
   * Repeats an attempt, twice at most, that held up the page for 50 ms or more, or took 2 s to end: what the
   * sandbox does it does each time, what else runs on this machine doesn't. A page that hangs with its
   * sandbox stands still for seconds.
   */
  promptAttempt(details: Attempt): Promise<Outcome>
}

export const test = base.extend<Fixtures, { site: Site }>({
  site: [
    // Playwright asks for the braces.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, provide) => {
      const site = await openSite()
      await provide(site)
      await site.close()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  attempt: ({ page, site }, provide) =>
    provide(async ({ path = '/page.html', ...rest }) => {
      await page.goto(site.origin + path)
      return runInSandbox(page, site.origin, rest)
    }),
  again: ({ page, site }, provide) =>
    provide((details) => runInSandbox(page, site.origin, details)),
  promptAttempt: ({ attempt }, provide) =>
    provide(async (details) => {
      let outcome = await attempt(details)
      for (let round = 1; round <= 2 && !isPrompt(outcome); round++)
        outcome = await attempt(details)
      test.info().annotations.push({
        type: 'measured',
        description: `lost after ${outcome.lostAfterMs} ms, longest gap ${outcome.longestGapMs} ms`,
      })
      expect(outcome.longestGapMs).toBeLessThan(250)
      return outcome
    }),
})

const isPrompt = ({ longestGapMs, lostAfterMs = 0 }: Outcome): boolean =>
  longestGapMs < 50 && lostAfterMs < 2000

function runInSandbox(
  page: Page,
  origin: string,
  { code, label = 'test', waitMs = 0 }: Attempt,
): Promise<Outcome> {
  return page.evaluate(
    async ({ code, label, waitMs, origin }) => {
      const remote = await window.connectEngine({ device: 'cpu' })
      const outcome: Outcome = { longestGapMs: 0 }
      window.gaps.reset()
      const startedAt = performance.now()
      const ended = new Promise<void>((resolve) => {
        remote.onLost((lost) => {
          Object.assign(outcome, { lost, lostAfterMs: performance.now() - startedAt })
          resolve()
        })
      })
      try {
        const value = await remote.api.command(label, { code, origin })
        outcome.value = value instanceof ArrayBuffer ? value.byteLength : value
      } catch (error) {
        const { name, message, stack } = error as Error
        outcome.error = { ...(error as object), name, message, stack }
      }
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, waitMs))])
      outcome.longestGapMs = window.gaps.max()
      remote.dispose()
      return outcome
    },
    { code, label, waitMs, origin },
  )
}
