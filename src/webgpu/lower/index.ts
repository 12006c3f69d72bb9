// All kernels that can be said in primitive nodes, by their names in tfjs.
import { activations } from './activations.ts'
import { binary } from './binary.ts'
import { convolutions } from './convolution.ts'
import { creation } from './creation.ts'
import { depthwises } from './depthwise.ts'
import { indexing } from './indexing.ts'
import type { Lowering } from './lowering.ts'
import { matMuls } from './matmul.ts'
import { normalizations } from './normalization.ts'
import { pools } from './pool.ts'
import { reductions } from './reduction.ts'
import { resizes } from './resize.ts'
import { scans } from './scan.ts'
import { shapes } from './shape.ts'
import { unary } from './unary.ts'

export type { Inputs, Lowering } from './lowering.ts'

export const lowerings: ReadonlyMap<string, Lowering> = new Map(
  Object.entries({
    ...activations,
    ...binary,
    ...convolutions,
    ...creation,
    ...depthwises,
    ...indexing,
    ...matMuls,
    ...normalizations,
    ...pools,
    ...reductions,
    ...resizes,
    ...scans,
    ...shapes,
    ...unary,
  }),
)
