// Forward pass and loss of one batch, with what a model or a loss can get wrong said plainly.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  extended,
  isEngineError,
  type ForwardContext,
  type Loss,
  type Model,
  type Module,
  type StepOutput,
  type TensorMap,
} from '#sdk'
import { inWords } from '../in-words.ts'
import { isThenable } from '../thenable.ts'
import type { Part } from './part.ts'
import type { Parts } from './parts.ts'

/**
 * Runs the model's `trainingStep` if it has one (for validation its `validationStep` first), else its forward
 * pass and the loss: that of the head, or the configured one. Adds what layers gave to `ctx.addLoss`, and the sum of
 * `outputs.aux_loss`. In training, a strategy may do so in its own way. A loss's weight is there outside of training
 * only. Call inside of `tf.tidy`.
 */
export function evaluate(
  parts: Pick<Parts, 'model' | 'loss' | 'strategy'>,
  batch: TensorMap,
  ctx: ForwardContext,
): StepOutput {
  const { strategy } = parts
  if (!strategy || !ctx.training) return evaluateOnce(parts, batch, ctx)
  const once = (given: TensorMap) => evaluateOnce(parts, given, ctx)
  const result = strategy.call('step', (it) => it.step({ batch, evaluate: once, ctx }))
  const outputs = checkOutputs(strategy, 'step().outputs', result?.outputs)
  return { loss: checkLoss(strategy, result.loss, { outputs, batch }), outputs }
}

function evaluateOnce(
  { model, loss }: Pick<Parts, 'model' | 'loss'>,
  batch: TensorMap,
  ctx: ForwardContext,
): StepOutput {
  const auxiliary: tf.Scalar[] = []
  const addLoss = (each: tf.Scalar): void => void auxiliary.push(each)
  const heard: ForwardContext = extended(ctx, { addLoss })
  const step = stepOf(model.instance, ctx)
  const evaluation = step
    ? evaluateStep(model, step, batch, heard)
    : evaluateLoss(loss!, batch, predict(model, batch, heard), heard)
  const { outputs } = evaluation
  if (outputs['aux_loss']) auxiliary.push(outputs['aux_loss'].sum())
  if (auxiliary.length === 0) return evaluation
  const sum = tf.addN(auxiliary.map((each) => checkLoss(model, each, { outputs, batch })))
  ctx.observe?.(model.instance, { aux_loss: sum.asScalar() })
  return { ...evaluation, loss: evaluation.loss.add(sum) }
}

type StepMethod = 'trainingStep' | 'validationStep'

/** The method with which a model brings its own loss, if it does. */
const stepOf = (model: Model, { training }: ForwardContext): StepMethod | undefined =>
  (['validationStep', 'trainingStep'] as const).find(
    (name) => model[name] && !(training && name === 'validationStep'),
  )

/** Outputs of a model or a head for `inputs`, checked to be named tensors. */
export function predict(
  model: Part<Module<TensorMap, TensorMap>>,
  inputs: TensorMap,
  ctx: ForwardContext,
): TensorMap {
  const outputs = model.call('forward', (it) => it.forward(inputs, ctx), 'model.forward')
  return checkOutputs(model, 'forward()', outputs)
}

function evaluateStep(
  model: Part<Model>,
  step: StepMethod,
  batch: TensorMap,
  ctx: ForwardContext,
): StepOutput {
  const result = model.call(step, (it) => it[step]!(batch, ctx), 'model.forward')
  if (isThenable(result)) throw asyncError(model, `${step}()`)
  const outputs = checkOutputs(model, `${step}().outputs`, result?.outputs)
  return { loss: checkLoss(model, result.loss, { outputs, batch }), outputs, weight: result.weight }
}

function evaluateLoss(
  loss: Part<Loss>,
  batch: TensorMap,
  outputs: TensorMap,
  ctx: ForwardContext,
): StepOutput {
  const args = { outputs, batch }
  let value: tf.Scalar
  try {
    value = loss.call('compute', (it) => it.compute(args), 'loss.shape')
  } catch (thrown) {
    throw isEngineError(thrown) && thrown.code === 'loss.shape'
      ? misfit(loss, args, thrown)
      : thrown
  }
  if (isThenable(value)) throw asyncPart(loss, 'compute()')
  const weight = ctx.training ? undefined : loss.call('weight', (it) => it.weight?.(args))
  return { loss: checkLoss(loss, value, args), outputs, weight }
}

/** A loss or metric that returned a promise. */
export const asyncPart = (part: Part<unknown>, method: string): EngineError =>
  new EngineError({
    code: 'contribution.contract',
    message: `${method} of ${part.label} is async; return ${method === 'summarize()' ? 'the numbers themselves' : 'the tensor itself'}`,
    plugin: part.plugin,
    hint: 'remove async and await: what it needs comes with its arguments, and tensors are read later',
  })

const asyncError = (model: Part<unknown>, method: string): EngineError =>
  new EngineError({
    code: 'model.forward',
    message: `${method} of ${model.label} returned a promise, but a forward pass is synchronous`,
    plugin: model.plugin,
    stage: 'forward',
    hint: 'remove async and await; load what it needs before training, never read tensors in it',
  })

function checkOutputs(model: Part<unknown>, method: string, outputs: unknown): TensorMap {
  if (isThenable(outputs)) throw asyncError(model, method)
  const entries =
    typeof outputs === 'object' && outputs !== null && !(outputs instanceof tf.Tensor)
      ? Object.entries(outputs)
      : []
  const wrong = entries.find(([, value]) => !(value instanceof tf.Tensor))
  if (entries.length > 0 && !wrong) return outputs as TensorMap
  const found = wrong
    ? `${wrong[0]}: ${typeof wrong[1]}`
    : outputs instanceof tf.Tensor
      ? 'a bare tensor'
      : entries.length === 0 && typeof outputs === 'object' && outputs !== null
        ? 'no tensors'
        : String(outputs)
  throw new EngineError({
    code: 'model.forward',
    message: `${method} of ${model.label} must give named tensors, but gave ${found}`,
    plugin: model.plugin,
    stage: 'forward',
    hint: 'return an object of tensors, such as { logits }',
  })
}

/** `logits [32, 10] float32, …` */
const describe = (tensors: TensorMap): string =>
  Object.entries(tensors)
    .map(([name, tensor]) => `${name} [${tensor.shape.join(', ')}] ${tensor.dtype}`)
    .join(', ')

function checkLoss(
  part: Part<unknown>,
  loss: unknown,
  { outputs, batch }: { outputs: TensorMap; batch: TensorMap },
): tf.Scalar {
  if (loss instanceof tf.Tensor && loss.rank === 0) return loss
  throw new EngineError({
    code: 'loss.shape',
    message: `${part.label} gave ${inWords(loss)} as loss for outputs ${describe(outputs)} and batch ${describe(batch)}, but a loss is one number`,
    plugin: part.plugin,
    stage: 'compute',
    hint:
      loss instanceof tf.Tensor
        ? 'average over the batch: end with .mean()'
        : 'return a tensor without dimensions, such as tf.losses.meanSquaredError(…)',
  })
}

/** The error of a loss that threw: names what it was given. */
function misfit(
  loss: Part<Loss>,
  { outputs, batch }: { outputs: TensorMap; batch: TensorMap },
  thrown: EngineError,
): EngineError {
  return new EngineError({
    code: 'loss.shape',
    message: `${loss.label} does not fit the model's outputs: ${describe(outputs)} against batch: ${describe(batch)} (${thrown.message})`,
    plugin: thrown.plugin,
    stage: thrown.stage,
    source: thrown.source,
    frames: thrown.frames,
    cause: thrown,
    hint: thrown.hint ?? 'check the last layer of the model, or choose a loss for such outputs',
  })
}
