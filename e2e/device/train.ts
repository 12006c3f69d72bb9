// Runs inside the sandbox: opens one device and trains small models on it.
import type { DevicePreference } from '#protocol'
import type { DeviceInfo } from '#sdk'
import { errorInfo, type ErrorInfo } from '#sdk'
import { openDevice } from '../../src/workers/device/index.ts'
import { createCnn, createGpt, createMlp, type GptSize, train, type Workload } from './workloads.ts'

/** What to train on which device; the test puts it in front of this module's text. */
export interface Job {
  device: DevicePreference
  steps: number
  mlp?: { sizes: number[]; batch: number }
  cnn?: { side: number; channels: number; batch: number }
  gpt?: GptSize
}

export interface Outcome {
  info: DeviceInfo
  /** Loss of each step, by model. */
  losses: Record<string, number[]>
  /** Mean time of a step after the first, in ms. */
  stepMs: Record<string, number>
  /** Beats of the device while training. */
  beats: number
  /** Errors that the device reported by itself. */
  errors: ErrorInfo[]
  tensorsLeft: number
}

interface Host {
  asset(path: string): Promise<ArrayBuffer>
  beat(): void
  work(name: string): void
}

declare const job: Job

export default async function run(host: Host): Promise<Outcome> {
  let beats = 0
  const errors: ErrorInfo[] = []
  const device = await openDevice(job.device, {
    asset: (path) => host.asset(path),
    work: (name) => host.work(name),
    beat() {
      beats += 1
      host.beat()
    },
    onError: (error) => errors.push(errorInfo(error)),
  })
  const losses: Record<string, number[]> = {}
  const stepMs: Record<string, number> = {}
  const models: Record<string, (() => Workload) | undefined> = {
    mlp:
      job.mlp &&
      (
        ({ sizes, batch }) =>
        () =>
          createMlp(sizes, batch)
      )(job.mlp),
    cnn:
      job.cnn &&
      (
        ({ side, channels, batch }) =>
        () =>
          createCnn(side, channels, batch)
      )(job.cnn),
    gpt:
      job.gpt &&
      (
        (size) => () =>
          createGpt(size)
      )(job.gpt),
  }
  for (const [name, create] of Object.entries(models)) {
    if (!create) continue
    const model = create()
    const first = await train(model, 1)
    const startedAt = performance.now()
    const rest = await train(model, job.steps - 1)
    stepMs[name] = (performance.now() - startedAt) / (job.steps - 1)
    losses[name] = [...first, ...rest]
    model.dispose()
  }
  const tensorsLeft = device.memory().tensors
  device.dispose()
  return { info: device.info, losses, stepMs, beats, errors, tensorsLeft }
}
