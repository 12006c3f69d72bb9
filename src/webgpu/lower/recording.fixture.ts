// Kernel calls of tfjs's CPU backend with what went in and came out, and their lowerings in one graph.
import * as tf from '@tensorflow/tfjs'
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import { Graph } from '../graph/graph.ts'
import { interpret, type Values } from '../graph/interpret.ts'
import { type DType, type Node, sizeOf } from '../graph/node.ts'
import { type Inputs, lowerings } from './index.ts'

/** A tensor as a kernel saw it. */
export interface Seen extends tf.TensorInfo {
  readonly values: ArrayLike<number>
}

export interface Call {
  readonly kernel: string
  readonly inputs: Readonly<Record<string, Seen | Seen[]>>
  readonly attrs: Record<string, unknown>
  readonly outputs: readonly Seen[]
}

const BACKEND = 'recorded-cpu'
let calls: Call[] | undefined

function seen(info: tf.TensorInfo, backend: MathBackendCPU): Seen {
  return { ...info, values: backend.data.get(info.dataId).values as ArrayLike<number> }
}

/** Of the CPU's kernels those that came since. */
function register(): void {
  if (!tf.findBackend(BACKEND)) tf.registerBackend(BACKEND, () => new MathBackendCPU())
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (tf.getKernel(kernel.kernelName, BACKEND)) continue
    tf.registerKernel({
      ...kernel,
      backendName: BACKEND,
      kernelFunc: (given) => {
        const backend = given.backend as MathBackendCPU
        const entries = Object.entries(given.inputs).flatMap(([name, info]) =>
          // An input that isn't given, such as a bias, is null.
          info ? [[name, seen(info, backend)] as const] : [],
        )
        const result = kernel.kernelFunc(given)
        const outputs = [result].flat().map((info) => seen(info, backend))
        const attrs = { ...given.attrs } as Record<string, unknown>
        const inputs = Object.fromEntries(entries)
        calls?.push({ kernel: kernel.kernelName, inputs, attrs, outputs })
        return result
      },
    })
  }
}

/** What `run` gives on the CPU, and every kernel that it called on the way. */
export function record<T>(run: () => T): { result: T; calls: Call[] } {
  register()
  // Nothing until a backend is chosen.
  const before: string | undefined = tf.getBackend()
  void tf.setBackend(BACKEND)
  calls = []
  try {
    return { result: run(), calls }
  } finally {
    calls = undefined
    if (before) void tf.setBackend(before)
  }
}

/** Results of calls as nodes of one graph. */
export interface Lowered {
  readonly graph: Graph
  /** Values of the graph's inputs. */
  readonly given: Values[]
  /** Each call with its nodes; `undefined` where it is not lowered. */
  readonly results: { call: Call; nodes: Node[] | undefined }[]
}

/** Lowers calls, one reading what another gave. What comes from outside, or of a kernel not lowered, is an input. */
export function lower(recorded: readonly Call[], isThreaded = true): Lowered {
  const graph = new Graph()
  const given: Values[] = []
  const known = new Map<object, Node>()
  const nodeOf = (tensor: Seen): Node => {
    let node = isThreaded ? known.get(tensor.dataId) : undefined
    if (!node) {
      node = graph.input([...tensor.shape], tensor.dtype as DType)
      const typed = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }
      given.push(typed[tensor.dtype as DType].from(tensor.values))
      known.set(tensor.dataId, node)
    }
    // Casts and reshapes of the CPU backend share their data.
    return graph.reshape(graph.cast(node, tensor.dtype as DType), tensor.shape)
  }
  const results = recorded.map((call) => {
    const inputs: Inputs = {}
    for (const [name, tensor] of Object.entries(call.inputs))
      inputs[name] = Array.isArray(tensor) ? tensor.map(nodeOf) : nodeOf(tensor)
    const lowered = lowerings.get(call.kernel)?.(graph, inputs, call.attrs)
    const nodes = lowered && [lowered].flat()
    for (const [i, { dataId }] of call.outputs.entries())
      if (nodes) known.set(dataId, nodes[i]!)
      else known.delete(dataId)
    return { call, nodes }
  })
  return { graph, given, results }
}

/** The largest difference, relative to values above 1; Infinity for NaN or infinity in other places. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Infinity
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!]
    if (Object.is(x, y) || x === y) continue
    const difference = Math.abs(x - y) / Math.max(1, Math.abs(x), Math.abs(y))
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference)
  }
  return largest
}

/** What is wrong with lowered calls, in words; empty when each is as on the CPU. */
export function complaints({ given, results }: Lowered, tolerance: number): string[] {
  const found: string[] = []
  const done = results.flatMap(({ call, nodes }) =>
    (nodes ?? []).map((node, i) => ({ call, node, output: call.outputs[i]! })),
  )
  const values = interpret(
    done.map(({ node }) => node),
    given,
  )
  for (const [i, { call, node, output }] of done.entries()) {
    const shapes = Object.entries(call.inputs).map(
      ([name, tensor]) =>
        `${name} ${[tensor]
          .flat()
          .map((it) => `${it.dtype}[${it.shape.join()}]`)
          .join(' ')}`,
    )
    const about = `${call.kernel} of ${shapes.join(', ')} with ${JSON.stringify(call.attrs)}`
    const got = `${node.dtype}[${node.shape.join()}]`
    const expected = `${output.dtype}[${output.shape.join()}]`
    if (got !== expected) found.push(`${about}: ${got}, on the CPU ${expected}`)
    const off = distance(values[i]!, Array.from(output.values).slice(0, sizeOf(output.shape)))
    if (!(off <= tolerance)) found.push(`${about}: off by ${off}`)
  }
  return found
}
