// What axe finds wrong with a page, for browser tests.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** The rules that the page, or the part of it that `within` selects, breaks, each with the elements that do. */
export async function findings(page: Page, within = 'html'): Promise<string[]> {
  // What fades in is pale until it is there. Spinners never end: they are not waited for.
  await page.evaluate(async () => {
    const isFinite = ({ effect }: Animation) => effect?.getComputedTiming().endTime !== Infinity
    const running = document.getAnimations().filter(isFinite)
    await Promise.allSettled(running.map(({ finished }) => finished))
  })
  // 'Legacy' computes in the page itself, not in a second one opened for it each time. The frames
  // that it leaves out are the sandbox's, hidden ones, which axe skips anyhow.
  const { violations } = await new AxeBuilder({ page })
    .include(within)
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze()
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(' ')}`,
  )
}
