// Runs as the rest of the app sees them.
import { toast } from 'sonner'

export { hideRun, showRun, type ShownRun } from './shown-runs.ts'
export { useRunChoices, useRuns, useShownRuns } from './use-shown-runs.ts'

/** Keeps runs from here on, and lists those of earlier visits: once the page has its first paint behind it. */
export function keepRuns(): void {
  requestAnimationFrame(() => setTimeout(() => void begin()))
}

async function begin(): Promise<void> {
  try {
    const { startKeeping } = await import('./page-keeper.ts')
    startKeeping()
  } catch (error) {
    toast.warning('Runs are not kept: a part of the page could not be loaded. Reload the page.', {
      description: String(error),
    })
  }
}
