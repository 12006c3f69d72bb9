// Builds the model of a graph: layers one after the other, each tried on zeros to learn what shape it gives.
import * as tf from '@tensorflow/tfjs'
import {
  type ColumnSpec,
  createRandom,
  EngineError,
  type ForwardContext,
  isEngineError,
  type Layer,
  type ModelEnv,
  nn,
} from '#sdk'
import { joined } from '../joined.ts'
import { nameHint } from '../nearest.ts'
import type { GraphFile } from './graph-file.ts'
import { textWith } from './graph-text.ts'
import { apply, type Blame, type BuiltStep, GraphModel, shapeOf } from './graph-model.ts'
import { completed, type Plan, type Step } from './plan.ts'
import { ofColumns, referencesIn } from './references.ts'

/** What flows along an edge. */
interface Value {
  /** The batch axis not counted. */
  readonly shape: readonly number[]
  readonly dtype: tf.DataType
}

/** Rows of a trial; a number that sizes of layers seldom have, so that a lost batch axis shows. */
const ROWS = 3

/** Every name has a value, whatever the run's schedules are: shapes cannot depend on it. */
const anyScalar = new Proxy({}, { get: () => nn.scalar(1) }) as ForwardContext['scalars']

/** Builds the layers of `plan`. Throws everything that does not fit, each at its node. */
export function buildGraph(file: GraphFile, plan: Plan, env: ModelEnv): GraphModel {
  const problems = checkInputs(file, env.columns)
  if (problems.length > 0) throw joined(problems)
  const blame = blameFor(file)
  const values = new Map<string, Value>()
  for (const name of file.inputs.keys()) values.set(name, env.columns[name]!)
  const steps: BuiltStep[] = []
  const seen = new Set<object>()
  for (const step of plan.steps) {
    const inputs = step.inputs.map((path) => values.get(path))
    // What comes before it has not been built: that is told already.
    if (inputs.some((input) => input === undefined)) continue
    const known = inputs as Value[]
    try {
      if (!seen.has(step.ref)) complete(step, file, env.columns)
      seen.add(step.ref)
      const shapes = known.map(({ shape }) => shape)
      const layer = env.create('layer', step.ref, { shape: shapes[0]!, shapes })
      const value = attempt(layer, known, env)
      values.set(step.path, value)
      steps.push({ ...step, layer, shape: value.shape, source: file.locate(step.node.path) })
    } catch (thrown) {
      problems.push(blame(step, thrown, known.map(shapeOf)))
    }
  }
  if (problems.length > 0) throw joined(problems)
  const width = widthOf(file, plan, values, env.hasHead)
  return new GraphModel(steps, plan.outputs, width, blame, textWith(file, plan.config))
}

function checkInputs(
  file: GraphFile,
  columns: Readonly<Record<string, ColumnSpec>>,
): EngineError[] {
  return [...file.inputs].flatMap(([name, { shape, dtype }]) => {
    const found = columns[name]
    const refuse = (message: string, hint: string): EngineError[] => {
      const source = file.locate(['inputs', name])
      return [
        new EngineError({
          code: 'model.invalid',
          message: `${file.path}: ${message}`,
          source,
          hint,
        }),
      ]
    }
    if (!found)
      return refuse(
        `the model reads \`${name}\`, but batches have no such column`,
        nameHint(name, Object.keys(columns)),
      )
    const fits =
      !shape ||
      (shape.length === found.shape.length &&
        shape.every((size, axis) => size === null || size === found.shape[axis]))
    if (!fits)
      return refuse(
        `input \`${name}\` must have shape [${shape.map((size) => size ?? 'any').join(', ')}], but its rows have ${shapeOf(found)}`,
        'change what is asked for here, or what prepares the data',
      )
    if (dtype !== undefined && dtype !== found.dtype)
      return refuse(
        `input \`${name}\` must be ${dtype}, but is ${found.dtype}`,
        'float32 for numbers, int32 for ids',
      )
    return []
  })
}

/** Fills in what the batch says. */
function complete({ ref, node }: Step, file: GraphFile, columns: ModelEnv['columns']): void {
  completed(ref, (name) => ofColumns(name, columns))
  for (const { name, path } of referencesIn(ref.config)) {
    throw new EngineError({
      code: 'model.invalid',
      message: `there is no \`${name}\``,
      source: file.locate([...node.path, 'config', ...path]),
      hint: `a column has \`shape\`, ids and class numbers a \`limit\`; columns are: ${Object.keys(columns).join(', ')}`,
    })
  }
}

/** What the layer gives for zeros at positions that are all kept. */
function attempt(layer: Layer, inputs: readonly Value[], { columns }: ModelEnv): Value {
  return tf.tidy(() => {
    const kept = columns['attention_mask']
    const mask = kept && tf.ones([ROWS, ...kept.shape])
    const random = createRandom(0)
    const ctx: ForwardContext = { training: false, random, step: 0, scalars: anyScalar, mask }
    const zeros = inputs.map(({ shape, dtype }) => tf.zeros([ROWS, ...shape], dtype))
    const { shape, dtype } = apply(layer, zeros, ctx)
    if (shape.length > 0 && shape[0] !== ROWS) {
      throw new EngineError({
        code: 'model.forward',
        message: `for ${ROWS} rows it gave ${shapeOf({ shape })}, which has not ${ROWS} rows`,
        hint: 'the first axis is the batch; layers leave it as it is',
      })
    }
    return { shape: shape.slice(1), dtype }
  })
}

/** Size of the last axis of `hidden_states`. */
function widthOf(
  file: GraphFile,
  { outputs }: Plan,
  values: ReadonlyMap<string, Value>,
  hasHead: boolean,
): number | undefined {
  const path = outputs.get('hidden_states')
  if (path !== undefined) return values.get(path)!.shape.at(-1)
  if (!hasHead) return undefined
  throw new EngineError({
    code: 'model.invalid',
    message: `${file.path}: the experiment has a head, but the model gives ${[...outputs.keys()].join(', ')} and no hidden_states`,
    source: file.locate(['outputs']),
    hint: 'name the node whose value the head takes: `outputs: { hidden_states: … }`',
  })
}

/** Errors at the node of the layer that threw, with what it was given. Those about its settings have their place. */
function blameFor(file: GraphFile): Blame {
  return ({ path, node, inputs, ref }, thrown, given) => {
    const isPlaced = isEngineError(thrown) && thrown.source?.file === file.path
    if (isPlaced || (isEngineError(thrown) && thrown.code.startsWith('device.'))) return thrown
    const from = inputs.map((input, i) => `${given[i]} from \`${input}\``).join(', ')
    const told = thrown instanceof Error ? thrown.message : String(thrown)
    const error = new EngineError({
      code: 'model.forward',
      message: `${file.path}: node \`${path}\` (${ref.name}), which takes ${from}: ${told}`,
      source: file.locate(node.path),
      plugin: isEngineError(thrown) ? thrown.plugin : undefined,
      hint: isEngineError(thrown) ? thrown.hint : undefined,
      cause: thrown,
    })
    // The layer's own stack says more than that of the graph.
    if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack
    return error
  }
}
