// The page that draws: the app's charts with many runs, and one more whose points stream in as a training sends them.
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { ChartBoard } from '../../src/app/panels/charts/chart-board.tsx'
import { firstEntry } from '../../src/app/runs/entry.ts'
import { showRun } from '../../src/app/runs/index.ts'
import { runsStore } from '../../src/app/runs/runs-store.ts'
import type { RunRecord } from '../../src/app/store/run-slice.ts'
import { appendPoint, emptySeries, type Series } from '../../src/app/store/series.ts'
import { engineStore } from '../../src/app/store/store.ts'
import { TooltipProvider } from '../../src/app/ui/tooltip.tsx'
import '../../src/app/styles/tokens.css'
import '../../src/app/styles/base.css'
import '../../src/app/ui/ui.css'
import '../../src/app/panels/panels.css'
import type { ChartLoad, Frames } from './report.ts'

declare global {
  var fillCharts: (load: ChartLoad) => void
  var beginFrames: () => void
  var endFrames: () => Frames
}

const METRICS = ['loss', 'accuracy', 'grad_norm', 'learning_rate']
/** As the engine sends them. */
const BATCH_MS = 100
const LIVE = 'live'

/** The same numbers each time. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32
  }
}

/** Values as trainings have them: a trend, noise, and now and then a peak. */
function valueOf(metric: string, run: number, step: number, random: () => number): number {
  const noise = random() - 0.5
  const peak = random() < 0.002 ? 2 : 0
  const decay = Math.exp(-step / (1500 + 40 * run))
  if (metric === 'accuracy') return 1 - 0.9 * decay + 0.08 * noise
  if (metric === 'learning_rate') return 0.001 * (0.5 + 0.5 * Math.cos((Math.PI * step) / 12_000))
  if (metric === 'grad_norm') return 1 + run / 50 + noise + peak
  return 0.3 + run / 60 + 2.5 * decay + 0.4 * noise + peak
}

function seriesOf(metric: string, run: number, points: number): Series {
  const random = randomOf(run * 7919 + metric.length)
  let series = emptySeries
  for (let step = 1; step <= points; step++) {
    const at = { step, epoch: Math.ceil(step / 500), time: step * 12 }
    series = appendPoint(series, at, valueOf(metric, run, step, random))
  }
  return series
}

function runOf(number: number, points: number): RunRecord {
  const series = METRICS.map((metric) => [metric, seriesOf(metric, number, points)] as const)
  return {
    id: number === 0 ? LIVE : `run-${number}`,
    number: number + 1,
    state: number === 0 ? 'running' : 'ended',
    startedAt: 0,
    timeOrigin: 0,
    endedAt: number === 0 ? undefined : points * 12,
    step: points,
    epoch: 1,
    totalSteps: points,
    activity: undefined,
    reason: undefined,
    message: undefined,
    error: undefined,
    setup: undefined,
    progress: undefined,
    series: Object.fromEntries(series),
    references: [],
    marks: [{ kind: 'swap', step: 3000, time: 36_000, label: 'sampler swapped' }],
  }
}

globalThis.fillCharts = ({ runs, points, stepsPerSecond }) => {
  const past = Array.from({ length: runs - 1 }, (_, i) => runOf(i + 1, points))
  // The run that is on has come halfway.
  const current = runOf(0, points / 2)
  engineStore.setState({
    run: { current, previous: undefined, count: runs, remembered: undefined },
  })
  runsStore.setState({
    entries: [current, ...past].map((run) => firstEntry(run, { files: '', yaml: '' })),
    records: new Map(past.map((run) => [run.id, run])),
  })
  for (const { id } of past) showRun(id)
  createRoot(document.querySelector('#root')!).render(
    createElement(TooltipProvider, null, createElement(ChartBoard, { isEmpty: false })),
  )
  const random = randomOf(1)
  let [step, seq] = [points / 2, 0]
  setInterval(() => {
    const count = Math.max(1, Math.round((stepsPerSecond * BATCH_MS) / 1000))
    const made = Array.from({ length: count }, () => {
      step++
      const values = METRICS.map((metric) => [metric, valueOf(metric, 0, step, random)] as const)
      return { step, epoch: 1, time: step * 12, values: Object.fromEntries(values) }
    })
    const event = {
      seq: seq++,
      time: step * 12,
      type: 'run.metrics',
      data: { id: LIVE, points: made },
    }
    engineStore.receive([event])
  }, BATCH_MS)
}

let times: number[] = []
let longTasks: number[] = []
let isOn = false
new PerformanceObserver((list) => {
  if (isOn) longTasks.push(...list.getEntries().map(({ duration }) => duration))
}).observe({ type: 'longtask' })

globalThis.beginFrames = () => {
  ;[times, longTasks, isOn] = [[], [], true]
  const onFrame = (time: number) => {
    if (!isOn) return
    times.push(time)
    requestAnimationFrame(onFrame)
  }
  requestAnimationFrame(onFrame)
}

globalThis.endFrames = () => {
  isOn = false
  return {
    framesMs: times.slice(1).map((time, i) => time - times[i]!),
    longTasksMs: longTasks,
  }
}
