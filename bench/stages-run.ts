// Times the parts of this project's step.
import { benchHost } from './device.ts'
import { makeRows } from './data.ts'
import { startPlugboard } from './plugboard.ts'
import type { MeasureRequest, StagesResult } from './report.ts'
import { type Stage, StageClock, STAGES } from './stages.ts'
import { shapes, titleOf } from './workloads.ts'

const WARM_UP_STEPS = 4

export async function measureStages(request: MeasureRequest): Promise<StagesResult> {
  const host = benchHost()
  const device = await host.openDevice(request.device)
  const shape = shapes[request.workload][request.scale]
  const clock = new StageClock()
  const ours = await startPlugboard(
    { shape, rows: makeRows(shape) },
    { device, host, compile: 'auto', clock },
  )
  await ours.train(WARM_UP_STEPS)
  const startedMs = performance.now()
  await ours.train(2)
  const stepsPerBlock = Math.max(
    1,
    Math.round((2 * request.blockMs) / (performance.now() - startedMs)),
  )
  const steps = stepsPerBlock * request.repeats
  const stageMs = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>
  for (let block = 0; block < request.repeats; block++) {
    clock.restart()
    await ours.train(stepsPerBlock)
    clock.stamp('read-back')
    for (const stage of STAGES) stageMs[stage] += clock.sums[stage] / steps
  }
  await ours.dispose()
  return { request, title: titleOf(shape), device: device.info, steps, stageMs }
}
