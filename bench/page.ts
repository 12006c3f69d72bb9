// The page's side of the benchmark: `measureWorkload`, which the command line calls.
import { getWebGPUDevice } from '@jax-js/jax'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import * as tf from '@tensorflow/tfjs'
import type { Device, Host } from '#engine'
import { reportActivity } from '../src/workers/activity.ts'
import { workerHost } from '../src/workers/host.ts'
import { makeRows } from './data.ts'
import { bytesOf, countGpuWork } from './gpu-counters.ts'
import { startJax } from './jax.ts'
import { Entrant, race } from './measure.ts'
import { startPlugboard } from './plugboard.ts'
import type { MeasureRequest, MeasureResult, StagesResult } from './report.ts'
import { type Stage, StageClock, STAGES } from './stages.ts'
import { startTfjs } from './tfjs.ts'
import { shapes, titleOf } from './workloads.ts'

declare global {
  var measureWorkload: (request: MeasureRequest) => Promise<MeasureResult>
  var measureStages: (request: MeasureRequest) => Promise<StagesResult>
}

async function fetchBytes(): Promise<ArrayBuffer> {
  return (await fetch(wasmUrl)).arrayBuffer()
}

async function openDevice(name: MeasureRequest['device']): Promise<{ device: Device; host: Host }> {
  // As in the sandbox, signs of life go to a port; nobody listens here.
  const activity = reportActivity(new MessageChannel().port1)
  const host = workerHost(activity, {
    asset: fetchBytes,
    onError: (error) => {
      throw error
    },
  })
  return { device: await host.openDevice(name), host }
}

globalThis.measureStages = async (request) => {
  const { device, host } = await openDevice(request.device)
  const shape = shapes[request.workload][request.scale]
  const clock = new StageClock()
  const ours = await Entrant.build(() =>
    startPlugboard(shape, makeRows(shape), device, host, clock),
  )
  await ours.takeFirstStep()
  await ours.warmUp(request.blockMs)
  const { stepsPerBlock } = ours.result
  const steps = stepsPerBlock * request.repeats
  const stageMs = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>
  for (let block = 0; block < request.repeats; block++) {
    clock.restart()
    await ours.competitor.train(stepsPerBlock)
    clock.stamp('read-back')
    for (const stage of STAGES) stageMs[stage] += clock.sums[stage] / steps
  }
  await ours.finish(request.device)
  return { request, title: titleOf(shape), device: device.info, steps, stageMs }
}

globalThis.measureWorkload = async (request) => {
  const isGpu = request.device === 'webgpu'
  if (isGpu) countGpuWork()
  const { device, host } = await openDevice(request.device)
  const shape = shapes[request.workload][request.scale]
  const rows = makeRows(shape)

  const ours = await Entrant.build(() => startPlugboard(shape, rows, device, host))
  const weights = await ours.competitor.readWeights()
  await ours.takeFirstStep()
  const plain = await Entrant.build(() => startTfjs({ shape, rows, weights }))
  await plain.takeFirstStep()
  const jax = await Entrant.build(() => startJax({ shape, rows, weights }, request.device))
  await jax.takeFirstStep()

  const entrants = [ours, plain, jax]
  await race(entrants, request)
  const backend = tf.backend()
  const gpuBytes =
    backend instanceof WebGPUBackend
      ? { gpuBytes: { tfjs: bytesOf(backend.device), 'jax-js': bytesOf(getWebGPUDevice()) } }
      : {}
  for (const entrant of entrants) await entrant.finish(request.device)
  return {
    request,
    title: titleOf(shape),
    unit: shape.kind === 'gpt' ? 'tokens' : 'examples',
    unitsPerStep: shape.kind === 'gpt' ? shape.batch * shape.context : shape.batch,
    device: device.info,
    hasThreads: globalThis.crossOriginIsolated,
    competitors: entrants.map(({ result }) => result),
    ...gpuBytes,
  }
}
