// The training step. Synchronous: it only sends work to the device; numbers come back late.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  extended,
  type ForwardContext,
  type Gradients,
  type HookArgs,
  type HookName,
  type Metrics,
  type Model,
  nn,
  type Random,
  type StepArgs,
  type TensorMap,
  withNoted,
} from '#sdk'
import type { HookCaller } from '../hooks/index.ts'
import { evaluate } from './evaluate.ts'
import { type FiniteGuard, sumEach } from './finite-guard.ts'
import { checkGradients, takeGradients } from './gradients.ts'
import { measure } from './metric-sums.ts'
import { type Observed, type ObservedForm, splitObserved, withPath } from './observed.ts'
import type { StepRecording } from '../profile/index.ts'
import type { Part } from './part.ts'
import type { Parts } from './parts.ts'

export interface StepInput {
  parts: Parts
  guard: FiniteGuard
  hooks: HookCaller
  recording: StepRecording | undefined
  at: StepArgs
  batches: readonly TensorMap[]
  observed: Observed
  random: Random
  learningRate: tf.Scalar
  scalars: ForwardContext['scalars']
  /** Parameters that the loss does not depend on. */
  onUnreached: (paths: string[]) => void
}

/** What a step leaves to be read. */
export interface StepResult {
  /** Loss, sum of each gradient, sums of gradients as they were before handlers, sums of metrics, what was observed. */
  values: tf.Tensor1D
  /** Parameter paths of the gradients that went to the optimizer, then of those before handlers. */
  paths: string[]
  rawPaths: string[]
  metricSizes: number[]
  observed: ObservedForm[]
}

/**
 * Forward and backward for each batch, one update. Everything but `values` and the batches is freed when it returns.
 * What is called here may be left out when the step is repeated: see `StepRunner`.
 */
export function trainStep(input: StepInput): StepResult {
  const { parts, guard, hooks, at, observed } = input
  const { parameters, optimizer } = parts
  const result: Omit<StepResult, 'values'> = {
    paths: [],
    rawPaths: [],
    metricSizes: [],
    observed: [],
  }
  const values = tf.tidy(() => {
    const { loss, raw, gradients, sums } = accumulate(input)
    input.recording?.phase('optimizer')
    const verdict = guard.judge(loss, gradients.values())
    const clean: Gradients = new Map()
    for (const [path, gradient] of gradients) clean.set(path, verdict.clean(gradient))

    const { healthy } = verdict
    const learningRate = input.learningRate.mul(healthy).asScalar()
    const given = { parameters, gradients: clean, learningRate, healthy }
    optimizer.call('update', (it) => it.update(withNoted(given, 'args', { step: at.step })))
    tell(hooks, 'onOptimizerStep', extended(noting(at), { optimizer: optimizer.instance }))

    result.paths = [...gradients.keys()]
    result.metricSizes = sums.map((sum) => sum.size)
    // What handlers replaced is summed too: a clipped gradient no longer tells which one was broken.
    const replaced = [...raw].filter(([path, gradient]) => gradients.get(path) !== gradient)
    result.rawPaths = replaced.map(([path]) => path)
    const before = replaced.length > 0 ? [sumEach(replaced.map(([, gradient]) => gradient))] : []
    const { forms, values: seen } = observed.take()
    result.observed = forms
    return tf.concat1d([verdict.sums, ...before, ...sums, ...seen])
  })
  return { ...result, values }
}

/** Mean loss and gradients of the batches so far, sums of metrics; `raw` is what handlers were given. */
interface Taken {
  loss: tf.Scalar
  raw: Gradients
  gradients: Gradients
  sums: tf.Tensor1D[]
}

const tensorsOf = ({ loss, raw, gradients, sums }: Taken): tf.Tensor[] => [
  loss,
  ...raw.values(),
  ...gradients.values(),
  ...sums,
]

/** Takes batch after batch; what is left of one is freed before the next. */
function accumulate(input: StepInput): Taken {
  let taken: Taken | undefined
  for (const index of input.batches.keys()) {
    const before = taken
    tf.tidy(() => {
      taken = takeBatch(input, index, before)
      return tensorsOf(taken)
    })
    if (before) tf.dispose(tensorsOf(before))
  }
  return taken!
}

function takeBatch(input: StepInput, index: number, before: Taken | undefined): Taken {
  const { parts, hooks, at, batches, recording } = input
  const batch = batches[index]!
  tell(hooks, 'onBatchBegin', extended(noting(at), { batch }))
  const { loss, outputs, gradients: own } = backward(input, index, batch)
  const share = <T extends tf.Tensor>(value: T, sum: tf.Tensor | undefined): T => {
    if (batches.length === 1) return value
    const part = value.mul<T>(nn.scalar(1 / batches.length))
    return sum ? part.add(sum) : part
  }
  const raw: Gradients = new Map(before?.gradients)
  for (const [path, gradient] of own) raw.set(path, share(gradient, raw.get(path)))
  let gradients = raw
  if (hooks.has('onBackwardEnd')) {
    // A map of its own: what handlers do to it in place changes nothing.
    const given = new Map(raw)
    const isLast = index === batches.length - 1
    const result = hooks.pipe('onBackwardEnd', extended(noting(at), { gradients: given, isLast }))
    gradients = checkGradients(result === given ? raw : result, parts.parameters)
  }
  recording?.phase('metrics')
  const sums = measure(parts.metrics, { outputs, batch })
  return {
    loss: share(loss, before?.loss),
    raw,
    gradients,
    sums: before ? sums.map((sum, i) => sum.add(before.sums[i]!)) : sums,
  }
}

/**
 * Loss, outputs and gradients of one batch. `onBatchEnd` and `onBackwardBegin` are called while the tape still
 * runs: tfjs goes back over it as soon as the forward function returns.
 */
function backward(input: StepInput, index: number, batch: TensorMap) {
  const { parts, hooks, at, scalars, onUnreached, recording } = input
  recording?.phase('forward')
  const { model, parameters } = parts
  const random = index === 0 ? input.random : input.random.fork(index)
  const outputs: TensorMap = {}
  const forward = (): tf.Scalar => {
    const observe: ForwardContext['observe'] = (module, values) =>
      input.observed.add(withPath(model.instance, module, values))
    const ctx = withNoted({ training: true, random, scalars, observe }, 'ctx', {
      step: at.step - 1,
    })
    const evaluation = evaluate(parts, batch, ctx)
    // Clones outlive the tape's own scope; they share their data.
    for (const [name, tensor] of Object.entries(evaluation.outputs))
      outputs[name] = tf.keep(tf.clone(tensor))
    tell(hooks, 'onBatchEnd', extended(noting(at), { batch, outputs }))
    tell(hooks, 'onBackwardBegin', extended(noting(at), { loss: evaluation.loss }))
    recording?.phase('backward')
    return evaluation.loss
  }
  try {
    const taken = model.call('backward', () => takeGradients(forward, parameters), 'model.forward')
    if (taken.gradients.size === 0) throw unreachable(model)
    const unreached = [...parameters.keys()].filter((path) => !taken.gradients.has(path))
    if (unreached.length > 0) onUnreached(unreached)
    return { ...taken, outputs: borrow(outputs) }
  } finally {
    tf.dispose(outputs)
  }
}

const unreachable = (model: Part<Model>): EngineError =>
  new EngineError({
    code: 'model.forward',
    message: `the loss depends on no parameter of ${model.label}, so there is nothing to train`,
    plugin: model.plugin,
    stage: 'backward',
    hint: 'use the parameters in forward(), and no operation without a gradient (argMax, cast to int32) between them and the loss',
  })

/** Where a step stands, for handlers inside of it: a step that depends on that cannot be repeated as it is. */
const noting = ({ run, epoch, step }: StepArgs): StepArgs =>
  withNoted({ run }, 'args', { epoch, step })

/** Calls a hook of a step: its handlers are synchronous, there is no promise to wait for. */
export function tell<N extends HookName>(hooks: HookCaller, name: N, args: HookArgs<N>): void {
  void hooks.each(name, args)
}

/** Clones that the surrounding `tf.tidy` frees. */
function borrow(tensors: TensorMap): TensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([name, it]) => [name, tf.clone(it)]))
}

/**
 * Splits what was read of a step. Throws 'run.nonfinite', naming step and parameter, when the loss or a
 * gradient was not finite.
 */
export function readStep(
  { paths, rawPaths, metricSizes, observed }: Omit<StepResult, 'values'>,
  step: number,
  values: Float32Array,
): {
  loss: number
  metricSums: Float32Array
  observed: { metrics: Metrics; tensors: Record<string, Float32Array> }
} {
  const gradientsEnd = 1 + paths.length
  const rawEnd = gradientsEnd + rawPaths.length
  if (!values.subarray(0, gradientsEnd).every(Number.isFinite)) {
    const bad: [name: string, value: number][] = [['the loss', values[0]!]]
    rawPaths.forEach((path, i) => bad.push([`the gradient of ${path}`, values[gradientsEnd + i]!]))
    paths.forEach((path, i) => bad.push([`the gradient of ${path}`, values[1 + i]!]))
    const [name, value] = bad.find(([, found]) => !Number.isFinite(found))!
    throw new EngineError({
      code: 'run.nonfinite',
      message: `step ${step}: ${name} is ${Number.isNaN(value) ? 'NaN' : 'infinite'}; the weights are kept as they were before this step`,
      hint: 'lower the learning rate, clip the gradients, or look for a division, logarithm or square root of zero',
    })
  }
  const metricsEnd = rawEnd + metricSizes.reduce((sum, size) => sum + size, 0)
  return {
    loss: values[0]!,
    metricSums: values.subarray(rawEnd, metricsEnd),
    observed: splitObserved(observed, values.subarray(metricsEnd)),
  }
}
