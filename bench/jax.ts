// Competitor: the same model in jax-js, forward, backward and Adam in one jitted step.
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax'
import {
  type Competitor,
  type Opened,
  sizeOf,
  type Task,
  trainAhead,
  type Weights,
  weightsOf,
} from './competitor.ts'
import { batchesOf, type ColumnValues, gatherRows } from './data.ts'
import { crossEntropy, forwardOf, type Parameters } from './jax-models.ts'
import type { MeasureRequest } from './report.ts'
import { ADAM, type Shape } from './workloads.ts'

// A type, not an interface: only these count as trees.
type State = {
  parameters: Parameters
  m: Parameters
  v: Parameters
  /** 1 - beta^t, which makes up for moments that start at zero. */
  correction1: np.Array
  correction2: np.Array
}

type StepResult = { loss: np.Array; state: State }

const toArray = ({ values, shape }: ColumnValues): np.Array => np.array(values, { shape })

function makeParameters(weights: Weights, shape: Shape): Parameters {
  const parameters: Parameters = {}
  for (const [path, { values, shape: size }] of weights) {
    const array = toArray({ values: values.slice(), shape: size })
    // Kernels are [outputs, inputs, height, width] here, [height, width, inputs, outputs] in the engine.
    const isKernel = shape.kind === 'cnn' && size.length === 4
    parameters[path] = isKernel ? np.transpose(array, [3, 2, 0, 1]) : array
  }
  return parameters
}

const zerosFor = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([path, { shape }]) => [path, np.zeros(shape)]))

/** Kingma & Ba 2015, algorithm 1. */
function adam(state: State, gradients: Parameters): State {
  const { rate, beta1, beta2, epsilon } = ADAM
  const correction1 = state.correction1.mul(beta1).add(1 - beta1)
  const correction2 = state.correction2.mul(beta2).add(1 - beta2)
  const next: State = { parameters: {}, m: {}, v: {}, correction1, correction2 }
  for (const [path, gradient] of Object.entries(gradients)) {
    const m = state.m[path]!.mul(beta1).add(gradient.ref.mul(1 - beta1))
    const v = state.v[path]!.mul(beta2).add(np.square(gradient).mul(1 - beta2))
    const size = np.sqrt(v.ref.div(correction2.ref)).add(epsilon)
    const change = m.ref.div(correction1.ref).mul(rate).div(size)
    next.parameters[path] = state.parameters[path]!.sub(change)
    next.m[path] = m
    next.v[path] = v
  }
  return next
}

function makeStep(shape: Shape) {
  const forward = forwardOf(shape)
  const lossOf = (parameters: Parameters, inputs: Parameters, labels: np.Array): np.Array =>
    crossEntropy(forward(parameters, inputs), labels, shape)
  return jit((state: State, inputs: Parameters, labels: np.Array): StepResult => {
    const parameters = tree.ref(state.parameters)
    const [loss, gradients] = valueAndGrad(lossOf)(parameters, inputs, labels)
    return { loss, state: adam(state, gradients) }
  })
}

/** Throws when jax-js can't use the device. */
export async function openJax(device: MeasureRequest['device']): Promise<Opened> {
  if (device !== 'webgpu' && device !== 'wasm')
    throw new Error(`jax-js is not compared on ${device}`)
  const available = await init(device)
  if (!available.includes(device)) throw new Error(`jax-js has no ${device} here`)
  defaultDevice(device)
  return { build: async (task) => startJax(task) }
}

function startJax(task: Task): Competitor {
  const { shape, rows } = task
  const weights = weightsOf(task)
  const step = makeStep(shape)
  const parameters = makeParameters(weights, shape)
  let state: State = {
    parameters,
    m: zerosFor(parameters),
    v: zerosFor(parameters),
    correction1: np.zeros([]),
    correction2: np.zeros([]),
  }
  const order = batchesOf(rows, shape.batch)

  return {
    parameters: sizeOf(weights),
    async train(count) {
      const losses = await trainAhead(count, () => {
        const { labels, ...columns } = gatherRows(rows, order.next().value)
        const inputs = Object.fromEntries(
          Object.entries(columns).map(([name, column]) => [name, toArray(column)]),
        )
        const result = step(state, inputs, toArray(labels!))
        state = result.state
        // Starts all of the step, the update included: a program's outputs are computed together.
        return result.loss.data() as Promise<ArrayLike<number>>
      })
      await blockUntilReady(state)
      return losses
    },
    dispose() {
      tree.dispose(state)
      step.dispose()
      return Promise.resolve()
    },
  }
}
