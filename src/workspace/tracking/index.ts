// Runs outside of the page and the terminal that made them: as files of other tools, and back.
export { metricsCsv, tableCsv } from './csv.ts'
export { readRuns, runsJson } from './exchange.ts'
export { experimentId, mlflowFiles, type TrackedRun, trackedRun } from './mlflow.ts'
