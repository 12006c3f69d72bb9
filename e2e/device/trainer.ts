// Runs in a page: experiments one after another on one device, each step with its loss, its work and its gradients.
import * as tf from '@tensorflow/tfjs'
import { createEngine } from '#engine'
import { builtinPlugins } from '#plugins'
import {
  type CompiledModule,
  type DevicePreference,
  type EngineEvent,
  isEngineEvent,
} from '#protocol'
import { errorInfo, type HookArgs, plugin, type PluginClass } from '#sdk'
import { workerHost } from '../../src/workers/host.ts'
import { type Work, workBetween, workNow } from './work.ts'

export interface Training {
  /** Of each step. */
  losses: number[]
  /** Loss of the rows held back, at the end. */
  heldBack: number | undefined
  /** How many values of a step were stored in 16 bits. */
  halved: number
  /** How many steps ran without their code. */
  repeated: number
  work: Work[]
  /** By parameter, of the first `keep` steps. */
  gradients: Record<string, number[]>[]
  /** Why it could not train, or what went wrong while it did. */
  errors: string[]
}

export interface TrainOptions {
  /** Gradients of so many steps are kept. */
  keep?: number
  /** Of the workspace. */
  modules?: readonly CompiledModule[]
  onStepEnd?: (step: number) => void
  /** The code of each step runs. */
  isCoded?: boolean
}

/** What a test watches; none of it is state of a step, so that steps are repeated. */
const watch = {
  keep: 0,
  isCoded: false,
  onStepEnd: undefined as TrainOptions['onStepEnd'],
  gradients: [] as Map<string, tf.Tensor>[],
  /** As each step begins, and after the last one. */
  marks: [] as Work[],
}

class Watch extends plugin({
  manifest: {
    name: 'watch',
    version: '1.0.0',
    category: 'callback',
    description: 'Keeps gradients, counts work',
  },
}) {
  onStepBegin() {
    watch.marks.push(workNow())
  }

  onStepEnd({ step }: HookArgs<'onStepEnd'>) {
    watch.onStepEnd?.(step)
  }

  onValidationBegin() {
    watch.marks.push(workNow())
  }

  onBackwardEnd(args: HookArgs<'onBackwardEnd'>) {
    const { gradients, isLast } = args
    // A step that knows its number is not repeated.
    if (watch.isCoded) void args.step
    if (!isLast || watch.gradients.length >= watch.keep) return undefined
    const kept = [...gradients].map(([path, it]) => [path, tf.keep(it.clone())] as const)
    watch.gradients.push(new Map(kept))
    return undefined
  }
}

const silent = { beat: () => undefined, enter: () => undefined, work: () => undefined }

/** Trains on one device until it is disposed. */
export async function openTrainer(preference: DevicePreference, plugins: PluginClass[] = []) {
  const host = workerHost(silent, {
    asset: async (path) => (await fetch(`/${path}`)).arrayBuffer(),
    onError: (error) => void errors.push(error.message),
  })
  const device = await host.openDevice(preference)
  let errors: string[] = []
  let losses = new Map<number, number>()
  let heldBack: number | undefined
  let halved = 0
  let repeated = 0
  let ended = Promise.withResolvers<void>()

  function take({ type, data }: EngineEvent): void {
    if (type === 'run.metrics')
      for (const { step, values } of data.points) {
        if (values['loss'] !== undefined) losses.set(step, values['loss'])
        heldBack = values['val_loss'] ?? heldBack
      }
    if (type === 'run.compiled' && data.work === 'step') {
      repeated = data.repeats?.repeated ?? 0
      halved = data.pieces.reduce((sum, { program }) => sum + (program?.mixed?.values ?? 0), 0)
    }
    if (type === 'hook.failed' || type === 'error.uncaught') errors.push(data.error.message)
    if (type !== 'run.state' || data.state !== 'ended') return
    if (data.error) errors.push(data.error.message)
    ended.resolve()
  }

  const engine = createEngine({
    plugins: [...builtinPlugins, Watch, ...plugins],
    host: { ...host, openDevice: () => Promise.resolve(device) },
    onEvent: (record) => {
      if (isEngineEvent(record)) take(record)
    },
  })
  await engine.boot({ device: device.info.backend })

  /** `experiment` as in plugboard.yaml, validated at the end only. */
  async function train(
    experiment: object,
    { keep = 0, modules = [], onStepEnd, isCoded = false }: TrainOptions = {},
  ): Promise<Training> {
    errors = []
    losses = new Map()
    heldBack = undefined
    halved = 0
    repeated = 0
    ended = Promise.withResolvers()
    Object.assign(watch, { keep, isCoded, onStepEnd, gradients: [], marks: [] })
    const config = JSON.stringify({
      plugins: { use: { watch: {} } },
      experiment: { seed: 3, ...experiment },
    })
    const { problems } = await engine.open({
      config,
      modules: [...modules],
      manifests: [],
      assets: [],
    })
    errors.push(...problems.map((problem) => errorInfo(problem).message))
    try {
      await engine.startRun()
      await ended.promise
    } catch (thrown) {
      errors.push(errorInfo(thrown).message)
    }
    const work = watch.marks.slice(1).map((after, i) => workBetween(watch.marks[i]!, after))
    const gradients: Training['gradients'] = []
    for (const kept of watch.gradients) {
      // What a failed step leaves may never have been computed.
      if (errors.length > 0) break
      const read: Training['gradients'][number] = {}
      for (const [path, gradient] of kept) read[path] = [...(await gradient.data())]
      gradients.push(read)
      tf.dispose([...kept.values()])
    }
    const steps = [...losses].sort(([a], [b]) => a - b)
    const ofSteps = steps.map(([, loss]) => loss)
    return { losses: ofSteps, heldBack, halved, repeated, work, gradients, errors }
  }

  return { device, train, dispose: () => device.dispose() }
}
