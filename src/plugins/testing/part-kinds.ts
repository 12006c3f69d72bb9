// How a part of each kind is tried on the device: what goes in, and which outputs and gradients come of it.
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  type CreatePart,
  createRandom,
  type EnvOf,
  type ForwardContext,
  type InstanceOf,
  type KindName,
  type Module,
  parametersOf,
  type TensorMap,
} from 'plugboard'
import { layerInputs, padding, predicted, rows, states } from './part-inputs.ts'
import { fill } from './reference.ts'

export type Make<K extends KindName> = (env: EnvOf<K>) => InstanceOf<K>

/** By what goes in. Each throws where the part is not made for that. */
export type Runs = Record<string, () => tf.Tensor[]>

type AddLoss = NonNullable<ForwardContext['addLoss']>

/** As in a training step; the same numbers are drawn each time. */
const context = (mask?: tf.Tensor, addLoss?: AddLoss): ForwardContext => ({
  training: true,
  random: createRandom(5),
  step: 0,
  scalars: {},
  mask,
  addLoss,
})

const build = <M extends Module<never, unknown>>(make: () => M): M =>
  buildModule(createRandom(1), make)

/** The sum of what `compute` gives, each value with a weight of its own, and its gradients by inputs and parameters. */
function gradients(
  inputs: tf.Tensor[],
  module: Module<never, unknown> | undefined,
  compute: (inputs: tf.Tensor[], addLoss: AddLoss) => tf.Tensor[],
): tf.Tensor[] {
  const given = inputs.map((it) => (it.dtype === 'float32' ? tf.variable(it) : it))
  const parameters = module ? [...parametersOf(module).values()] : []
  const variables = [...given.filter((it) => it instanceof tf.Variable), ...parameters]
  const { value, grads } = tf.variableGrads(() => {
    const losses: tf.Tensor[] = []
    const outputs = compute(given, (loss) => void losses.push(loss))
    const sums = outputs.map((it, i) => it.mul(fill(it.shape, i + 9)).sum())
    return tf.addN([...losses, ...sums]).asScalar()
  }, variables)
  return [value, ...variables.flatMap(({ name }) => grads[name] ?? [])]
}

const over = <T>(inputs: Readonly<Record<string, T>>, run: (input: T) => tf.Tensor[]): Runs =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, () => run(input)]))

/** Attention and feed-forward networks. */
const mixing = (make: Make<'attention'>): Runs =>
  over({ causal: true, 'both ways, padded': false }, (causal) => {
    const layer = build(() => make({ width: 8, heads: 2, context: 5, dropout: 0.2, causal }))
    const mask = causal ? undefined : padding()
    return gradients([fill([2, 5, 8], 1, 4)], layer, ([x], addLoss) => [
      layer.forward(x!, context(mask, addLoss)),
    ])
  })

const withoutLabels = (batch: TensorMap): TensorMap =>
  Object.fromEntries(Object.entries(batch).filter(([name]) => !name.includes('labels')))

/** Kinds of which nothing is computed on the device are not here. */
export const partKinds: Partial<{
  [K in KindName]: (make: Make<K>, create: CreatePart) => Runs
}> = {
  attention: mixing,
  ffn: mixing,
  router: (make) => ({
    tokens() {
      const layer = build(() => make({ width: 8, experts: 3 }))
      return gradients([fill([10, 8], 1, 4)], layer, ([x], addLoss) => {
        const { weights, aux_loss } = layer.forward(x as tf.Tensor2D, context(padding()))
        if (aux_loss) addLoss(aux_loss)
        return [weights]
      })
    },
  }),
  layer: (make) =>
    over(layerInputs, (inputs) => {
      const given = inputs()
      const shapes = given.map(({ shape }) => shape.slice(1))
      const layer = build(() => make({ shape: shapes[0]!, shapes }))
      return gradients(given, layer, (all) => [
        layer.forward(all.length === 1 ? all[0]! : all, context()),
      ])
    }),
  model: (make, create) => {
    const runsWith = (hasHead: boolean) =>
      over(rows, ({ columns, batch }) => {
        const model = build(() => make({ columns, hasHead, create }))
        return gradients([], model, (_, addLoss) =>
          Object.values(model.forward(withoutLabels(batch()), context(undefined, addLoss))),
        )
      })
    const forHeads = Object.entries(runsWith(true)).map(([name, run]) => [`head: ${name}`, run])
    return { ...runsWith(false), ...(Object.fromEntries(forHeads) as Runs) }
  },
  head: (make, create) => {
    const runsFor = ([form, shape]: [string, number[]]) =>
      Object.entries(rows).map(([name, { columns, batch: makeBatch }]) => {
        const run = () => {
          const batch = makeBatch()
          const head = build(() => make({ columns, width: 8, create }))
          const outputsOf = (x: tf.Tensor) =>
            head.forward({ ...withoutLabels(batch), hidden_states: x }, context())
          const x = fill(shape, 1, 4)
          const values = gradients([x], head, ([x]) => {
            const outputs = outputsOf(x!)
            return head.computeLoss
              ? [head.computeLoss({ outputs, batch })]
              : Object.values(outputs)
          })
          const metrics = head.metrics?.() ?? []
          return [...values, ...metrics.map((it) => it.measure({ outputs: outputsOf(x), batch }))]
        }
        return [`${form}, ${name}`, run] as const
      })
    return Object.fromEntries(Object.entries(states).flatMap(runsFor))
  },
  loss: (make) =>
    over(predicted, (given) => {
      const { outputs, batch } = given()
      const [name, output] = Object.entries(outputs)[0]!
      const loss = make({})
      const values = gradients([output], undefined, ([x]) => [
        loss.compute({ outputs: { [name]: x! }, batch }),
      ])
      return [...values, ...(loss.weight ? [loss.weight({ outputs, batch })] : [])]
    }),
  metric: (make) => over(predicted, (given) => [make({}).measure(given())]),
  optimizer: (make) => ({
    'four steps'() {
      const optimizer = make({})
      const shapes = { 'first.weight': [5, 3], 'second.weight': [3, 4], bias: [3] }
      const named = (seed: number, scale: number) =>
        new Map(Object.entries(shapes).map(([path, it], i) => [path, fill(it, seed + i, scale)]))
      const parameters = new Map([...named(1, 1)].map(([path, it]) => [path, tf.variable(it)]))
      // In the third step something was not finite.
      for (const [i, healthy] of [1, 1, 0, 1].entries())
        optimizer.update({
          parameters,
          gradients: named(5 + i, healthy),
          learningRate: tf.scalar(0.01 * healthy),
          healthy: tf.scalar(healthy),
          step: i + 1,
        })
      return [...parameters.values(), ...optimizer.state().values()]
    },
  }),
}
