// The training step. Synchronous: it only sends work to the device; numbers come back late.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type Gradients,
  type HookArgs,
  type HookName,
  type Model,
  type Random,
  type StepArgs,
  type TensorMap,
} from '#sdk'
import type { HookCaller } from '../hooks/index.ts'
import { evaluate } from './evaluate.ts'
import { type FiniteGuard, sumEach } from './finite-guard.ts'
import { checkGradients, takeGradients } from './gradients.ts'
import { measure } from './metric-sums.ts'
import type { Part } from './part.ts'
import type { Parts } from './parts.ts'

export interface StepInput {
  parts: Parts
  guard: FiniteGuard
  hooks: HookCaller
  at: StepArgs
  /** Gathers the batch; its tensors are freed with the step. */
  batch(): TensorMap
  random: Random
  learningRate: tf.Scalar
  /** Parameters that the loss does not depend on. */
  onUnreached: (paths: string[]) => void
}

/** What a step leaves to be read. */
export interface StepResult {
  /** Loss, sum of each gradient, sums of gradients as they were before handlers, sums of metrics. */
  values: tf.Tensor1D
  /** Parameter paths of the gradients that went to the optimizer, then of those before handlers. */
  paths: string[]
  rawPaths: string[]
  metricSizes: number[]
}

/** Forward, backward, update. Everything but `values` is freed when it returns. */
export function trainStep(input: StepInput): StepResult {
  const { parts, guard, hooks, at } = input
  const { parameters, optimizer, metrics } = parts
  tell(hooks, 'onStepBegin', at)
  const result: Omit<StepResult, 'values'> = { paths: [], rawPaths: [], metricSizes: [] }
  const values = tf.tidy(() => {
    const batch = input.batch()
    tell(hooks, 'onBatchBegin', { ...at, batch })
    const { loss, outputs, raw } = backward(input, batch)

    const gradients = hooks.has('onBackwardEnd')
      ? checkGradients(hooks.pipe('onBackwardEnd', { ...at, gradients: raw }), parameters)
      : raw
    const verdict = guard.judge(loss, gradients.values())
    const clean: Gradients = new Map()
    for (const [path, gradient] of gradients) clean.set(path, verdict.clean(gradient))

    const learningRate = input.learningRate.mul(verdict.healthy).asScalar()
    optimizer.call('update', (it) =>
      it.update({ parameters, gradients: clean, learningRate, step: at.step }),
    )
    tell(hooks, 'onOptimizerStep', { ...at, optimizer: optimizer.instance })

    const sums = measure(metrics, { outputs, batch })
    result.paths = [...gradients.keys()]
    result.metricSizes = sums.map((sum) => sum.size)
    // What handlers replaced is summed too: a clipped gradient no longer tells which one was broken.
    const replaced = [...raw].filter(([path, gradient]) => gradients.get(path) !== gradient)
    result.rawPaths = replaced.map(([path]) => path)
    const before = replaced.length > 0 ? [sumEach(replaced.map(([, gradient]) => gradient))] : []
    return tf.concat1d([verdict.sums, ...before, ...sums])
  })
  tell(hooks, 'onStepEnd', at)
  return { ...result, values }
}

/**
 * Loss, outputs and gradients. `onBatchEnd` and `onBackwardBegin` are called while the tape still runs:
 * tfjs goes back over it as soon as the forward function returns.
 */
function backward({ parts, hooks, at, random, onUnreached }: StepInput, batch: TensorMap) {
  const { model, parameters } = parts
  const outputs: TensorMap = {}
  const forward = (): tf.Scalar => {
    const ctx = { training: true, random, step: at.step - 1, scalars: {} }
    const evaluation = evaluate(parts, batch, ctx)
    // Clones outlive the tape's own scope; they share their data.
    for (const [name, tensor] of Object.entries(evaluation.outputs))
      outputs[name] = tf.keep(tf.clone(tensor))
    tell(hooks, 'onBatchEnd', { ...at, batch, outputs })
    tell(hooks, 'onBackwardBegin', { ...at, loss: evaluation.loss })
    return evaluation.loss
  }
  try {
    const taken = model.call('backward', () => takeGradients(forward, parameters), 'model.forward')
    if (taken.gradients.size === 0) throw unreachable(model)
    const unreached = [...parameters.keys()].filter((path) => !taken.gradients.has(path))
    if (unreached.length > 0) onUnreached(unreached)
    return { loss: taken.loss, outputs: borrow(outputs), raw: taken.gradients }
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

/** Calls a hook inside of a step: its handlers are synchronous, there is no promise to wait for. */
function tell<N extends HookName>(hooks: HookCaller, name: N, args: HookArgs<N>): void {
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
  { paths, rawPaths }: Pick<StepResult, 'paths' | 'rawPaths'>,
  step: number,
  values: Float32Array,
): { loss: number; metricSums: Float32Array } {
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
  return { loss: values[0]!, metricSums: values.subarray(rawEnd) }
}
