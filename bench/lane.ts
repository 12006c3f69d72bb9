// One competitor in a realm of its own, a frame or a process: own libraries, own device, own counts; none disturbs another.
import type { Competitor, Opened, Weights } from './competitor.ts'
import { makeRows } from './data.ts'
import { countGpuWork, countsNow, type GpuCounts } from './gpu-counters.ts'
import type { CompetitorName, MeasureRequest } from './report.ts'
import { shapes } from './workloads.ts'

export interface Start {
  name: CompetitorName
  request: MeasureRequest
  weights?: Weights | undefined
}

export interface Started {
  device?: Opened['device']
  buildMs: number
  parameters: number
  weights?: Weights | undefined
}

/** Some steps in a row. */
export interface Turn {
  losses: number[]
  durationMs: number
  /** What was sent meanwhile, and the bytes held after it. */
  gpu: GpuCounts
  memory?: { tensors: number; bytes: number } | undefined
}

/** All that crosses between realms is plain. */
export interface Lane {
  start(what: Start): Promise<Started>
  train(count: number): Promise<Turn>
  end(): Promise<void>
}

/** Loads the competitor's libraries, and nobody else's, and opens its device. */
async function open(name: CompetitorName, device: MeasureRequest['device']): Promise<Opened> {
  switch (name) {
    case 'plugboard':
      return (await import('./plugboard.ts')).openPlugboard(device, 'auto')
    case 'plugboard, not compiled':
      return (await import('./plugboard.ts')).openPlugboard(device, 'off')
    case 'plain tfjs':
      return (await import('./tfjs.ts')).openTfjs(device)
    case 'jax-js':
      return (await import('./jax.ts')).openJax(device)
    case 'genai-nanogpt':
      return (await import('./nanogpt.ts')).openNanogpt(device)
  }
}

export function createLane(): Lane {
  let competitor: Competitor
  return {
    async start({ name, request: { workload, scale, device }, weights }) {
      if (device === 'webgpu') countGpuWork()
      const shape = shapes[workload][scale]
      const opened = await open(name, device)
      const task = { shape, rows: makeRows(shape), weights }
      const startedMs = performance.now()
      competitor = await opened.build(task)
      return {
        ...(opened.device && { device: opened.device }),
        buildMs: performance.now() - startedMs,
        parameters: competitor.parameters,
        weights: weights ? undefined : await competitor.readWeights?.(),
      }
    },

    async train(count) {
      const before = countsNow()
      const startedMs = performance.now()
      const losses = await competitor.train(count)
      const durationMs = performance.now() - startedMs
      const { launches, submits, bytes } = countsNow()
      const gpu = { launches: launches - before.launches, submits: submits - before.submits, bytes }
      return { losses, durationMs, gpu, memory: competitor.memory?.() }
    },

    end: () => competitor.dispose(),
  }
}
