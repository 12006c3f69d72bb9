// Runs as the rest of the app sees them.
export { hideRun, runColor, showRun, type ShownRun } from './shown-runs.ts'
export { type RunChoice, useRunChoices, useShownRuns } from './use-shown-runs.ts'
