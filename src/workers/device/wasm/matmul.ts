// Matrix products through the fast path of the WebAssembly backend, which takes one plain product at a time.
import {
  BatchMatMul,
  type BatchMatMulAttrs,
  getKernel,
  type KernelConfig,
  type TensorInfo,
  Transpose,
  util,
} from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { moduleOf, wasmKernel } from './kernel.ts'

/** A row-major float32 matrix somewhere on the heap. */
export interface Matrix {
  offset: number
  rows: number
  columns: number
}

type Product = (
  ...args: [number, Uint8Array, number, number, Uint8Array, number, boolean, boolean, number]
) => void

/** Below this many multiplications, starting the fast path costs more than it saves. */
const SMALLEST_PRODUCT = 2048
/** Numbers for the three matrices at hand, far from those that tfjs counts up from 1. */
const [A, B, OUT] = [2 ** 30, 2 ** 30 + 1, 2 ** 30 + 2] as const

// The kernel's C function keeps to itself in its module, so it is wrapped a second time.
let product: Product | undefined
const stock = getKernel(BatchMatMul, 'wasm')

const shapeBytes = ({ rows, columns }: Matrix): Uint8Array =>
  new Uint8Array(new Int32Array([1, rows, columns]).buffer)

/** out = a b, for matrices at any place of the heap. */
export function multiply(backend: BackendWasm, a: Matrix, b: Matrix, out: Matrix): void {
  const { tfjs } = moduleOf(backend)
  tfjs.registerTensor(A, a.rows * a.columns, a.offset)
  tfjs.registerTensor(B, b.rows * b.columns, b.offset)
  tfjs.registerTensor(OUT, out.rows * out.columns, out.offset)
  product?.(A, shapeBytes(a), 3, B, shapeBytes(b), 3, false, false, OUT)
  // Forgets the numbers and the packed copy of b; the memory stays.
  tfjs.disposeData(A)
  tfjs.disposeData(B)
  tfjs.disposeData(OUT)
}

/**
 * The backend multiplies by XNNPACK only when neither side is transposed and there is one product; for
 * everything else its loop is about eight times slower. So transposes are made first, and batches are split.
 */
export const matmul: KernelConfig = {
  ...wasmKernel<'a' | 'b', BatchMatMulAttrs>(BatchMatMul, (inputs, attrs, backend) => {
    const isFloat = inputs.a.dtype === 'float32' && inputs.b.dtype === 'float32'
    // The stock kernel says what is wrong with other types.
    if (!isFloat) return stock.kernelFunc({ inputs, attrs: { ...attrs }, backend }) as TensorInfo
    const a = attrs.transposeA ? transposeLast(inputs.a, backend) : inputs.a
    const b = attrs.transposeB ? transposeLast(inputs.b, backend) : inputs.b
    const plain = { transposeA: false, transposeB: false }
    const product =
      splitProduct(a, b, backend) ?? stock.kernelFunc({ inputs: { a, b }, attrs: plain, backend })
    if (a !== inputs.a) backend.disposeData(a.dataId)
    if (b !== inputs.b) backend.disposeData(b.dataId)
    return product as TensorInfo
  }),
  setupFunc(backend) {
    stock.setupFunc?.(backend)
    product = moduleOf(backend as BackendWasm).cwrap(BatchMatMul, null, [
      ...(['number', 'array', 'number'] as const),
      ...(['number', 'array', 'number'] as const),
      ...(['number', 'number', 'number'] as const),
    ]) as Product
  },
}

function transposeLast(x: TensorInfo, backend: BackendWasm): TensorInfo {
  const rank = x.shape.length
  const perm = [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2)
  return getKernel(Transpose, 'wasm').kernelFunc({
    inputs: { x },
    attrs: { perm },
    backend,
  }) as TensorInfo
}

/** The products of equal batches one by one; nothing when the stock kernel does as well or checks better. */
function splitProduct(a: TensorInfo, b: TensorInfo, backend: BackendWasm): TensorInfo | undefined {
  const outer = a.shape.slice(0, -2)
  const batch = util.sizeFromShape(outer)
  const [rows, inner, columns] = [a.shape.at(-2) ?? 0, a.shape.at(-1) ?? 0, b.shape.at(-1) ?? 0]
  const isEqual = util.arraysEqual(outer, b.shape.slice(0, -2)) && b.shape.at(-2) === inner
  if (!isEqual || batch < 2 || rows * inner * columns < SMALLEST_PRODUCT) return undefined

  const out = backend.makeOutput([...outer, rows, columns], 'float32')
  const matrix = ({ dataId }: TensorInfo, at: number, rows: number, columns: number): Matrix => ({
    offset: backend.getMemoryOffset(dataId) + 4 * at * rows * columns,
    rows,
    columns,
  })
  for (let at = 0; at < batch; at += 1) {
    multiply(
      backend,
      matrix(a, at, rows, inner),
      matrix(b, at, inner, columns),
      matrix(out, at, rows, columns),
    )
  }
  return out
}
