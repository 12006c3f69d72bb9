// Runs in a page: trains an experiment of built-in parts on a device as the engine does it, from a checkpoint if told.
import * as tf from '@tensorflow/tfjs'
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { type DevicePreference, isEngineEvent } from '#protocol'
import { createEngine } from '#engine'
import { builtinPlugins } from '#plugins'
import { errorInfo, type ErrorInfo, type EventRecord } from '#sdk'
import { workerHost } from '../../src/workers/host.ts'

export interface RunJob {
  device: DevicePreference
  /** Text of plugboard.yaml; JSON will do. */
  config: string
  /** Bytes of a checkpoint to go on from. */
  from?: number[]
  /** The graphics processor is taken away after this step. */
  loseAfter?: number
}

export interface RunOutcome {
  /** Metrics by step. */
  values: Record<number, Record<string, number>>
  /** Bytes of checkpoints by the step that they were taken after. */
  checkpoints: Record<number, number[]>
  reason: string
  /** Why the run failed. */
  error?: ErrorInfo
  /** Of hooks and of the device, and problems of the configuration. */
  errors: ErrorInfo[]
}

const silent = { beat: () => undefined, enter: () => undefined, work: () => undefined }

function loseDevice(): void {
  const backend = tf.backend()
  if (backend instanceof WebGPUBackend) backend.device.destroy()
  if (backend instanceof MathBackendWebGL)
    backend.gpgpu.gl.getExtension('WEBGL_lose_context')?.loseContext()
}

export default async function run(job: RunJob): Promise<RunOutcome> {
  const outcome: RunOutcome = { values: {}, checkpoints: {}, reason: '', errors: [] }
  const ended = Promise.withResolvers<void>()
  const files = new Map<number, Promise<Uint8Array | null>>()

  function take(record: EventRecord): void {
    if (!isEngineEvent(record)) return
    const { type, data } = record
    if (type === 'run.metrics')
      for (const { step, values } of data.points) {
        outcome.values[step] = { ...outcome.values[step], ...values }
        if (step === job.loseAfter) loseDevice()
      }
    if (type === 'hook.failed' || type === 'error.uncaught') outcome.errors.push(data.error)
    if (type === 'run.checkpoint')
      files.set(data.step, engine.checkpoint(data.key, 0, data.sizeBytes))
    if (type !== 'run.state' || data.state !== 'ended') return
    outcome.reason = data.reason ?? ''
    if (data.error) outcome.error = data.error
    ended.resolve()
  }

  const host = workerHost(silent, {
    asset: async (path) => (await fetch(`/${path}`)).arrayBuffer(),
    onError: (error) => engine.reportUncaught(error),
  })
  const engine = createEngine({ plugins: builtinPlugins, host, onEvent: take })
  await engine.boot({ device: job.device })
  const workspace = { config: job.config, modules: [], manifests: [], assets: [] }
  const { problems } = await engine.open(workspace)
  outcome.errors.push(...problems.map((problem) => errorInfo(problem)))
  const { from } = job
  await engine.startRun(from ? { from: Uint8Array.from(from) } : {})
  await ended.promise
  for (const [step, file] of files) outcome.checkpoints[step] = [...((await file) ?? [])]
  return outcome
}
