// Comparisons and choices by them: the WebAssembly backend calls a function for each value, which is ten times slower.
import {
  Equal,
  getKernel,
  Greater,
  GreaterEqual,
  type KernelConfig,
  Less,
  LessEqual,
  NotEqual,
  Select,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs'
import { wasmKernel } from './kernel.ts'

type Values = ArrayLike<number>

/** Compares `out.length` pairs; each side goes on by its step, 1 or 0 for a single value. */
type Compare = (a: Values, stepA: number, b: Values, stepB: number, out: Uint8Array) => void

// A loop for each: with the comparison as an argument it would be a call for each value again.
const compare: Record<string, Compare> = {
  [Greater](a, stepA, b, stepB, out) {
    for (let i = 0; i < out.length; i += 1) out[i] = a[i * stepA]! > b[i * stepB]! ? 1 : 0
  },
  [GreaterEqual](a, stepA, b, stepB, out) {
    for (let i = 0; i < out.length; i += 1) out[i] = a[i * stepA]! >= b[i * stepB]! ? 1 : 0
  },
  [Less](a, stepA, b, stepB, out) {
    for (let i = 0; i < out.length; i += 1) out[i] = a[i * stepA]! < b[i * stepB]! ? 1 : 0
  },
  [LessEqual](a, stepA, b, stepB, out) {
    for (let i = 0; i < out.length; i += 1) out[i] = a[i * stepA]! <= b[i * stepB]! ? 1 : 0
  },
  [Equal](a, stepA, b, stepB, out) {
    for (let i = 0; i < out.length; i += 1) out[i] = a[i * stepA]! === b[i * stepB]! ? 1 : 0
  },
  [NotEqual](a, stepA, b, stepB, out) {
    for (let i = 0; i < out.length; i += 1) out[i] = a[i * stepA]! !== b[i * stepB]! ? 1 : 0
  },
}

/** Of equal shapes, or with a scalar on one side; other broadcasts are left to the stock kernel. */
const comparisons = Object.entries(compare).map(([name, run]): KernelConfig => {
  const stock = getKernel(name, 'wasm')
  const own = wasmKernel<'a' | 'b', object>(name, ({ a, b }, attrs, backend) => {
    const isPlain = util.arraysEqual(a.shape, b.shape)
    const [isOneA, isOneB] = [a.shape.length === 0, b.shape.length === 0]
    if (!isPlain && !isOneA && !isOneB)
      return stock.kernelFunc({ inputs: { a, b }, attrs: { ...attrs }, backend }) as TensorInfo
    // The output first: allocating may move the heap away from under the views.
    const out = backend.makeOutput(isOneA ? b.shape : a.shape, 'bool')
    const [left, right, flags] = [a, b, out].map((info) => backend.typedArrayFromHeap(info))
    run(left!, isOneA ? 0 : 1, right!, isOneB ? 0 : 1, flags as Uint8Array)
    return out
  })
  return { ...stock, ...own }
})

const stockSelect = getKernel(Select, 'wasm')

/** A condition of another shape, one value for each row, is left to the stock kernel. */
const select: KernelConfig = {
  ...stockSelect,
  ...wasmKernel<'condition' | 't' | 'e', object>(Select, (inputs, attrs, backend) => {
    const { condition, t, e } = inputs
    if (!util.arraysEqual(condition.shape, t.shape))
      return stockSelect.kernelFunc({ inputs, attrs: { ...attrs }, backend }) as TensorInfo
    const out = backend.makeOutput(t.shape, t.dtype)
    const flags = backend.typedArrayFromHeap(condition)
    const [yes, no] = [backend.typedArrayFromHeap(t), backend.typedArrayFromHeap(e)]
    const values = backend.typedArrayFromHeap(out)
    for (let i = 0; i < values.length; i += 1) values[i] = flags[i] ? yes[i]! : no[i]!
    return out
  }),
}

export const choices: readonly KernelConfig[] = [...comparisons, select]
