// What one launch computes: the boundary between fusing, planning of memory and shader text.
import type { Node } from '../graph/node.ts'

/** Values that are computed together in one launch; everything else they need of the graph is computed inside of it. */
export interface Kernel {
  /**
   * `place` only puts computed values side by side: it need not run where these are written there. `rows` goes along
   * rows of values that are computed from short products, and stores only what is added up along them.
   */
  readonly kind: 'loop' | 'dot' | 'rows' | 'place'
  /** Stored values that it reads: inputs of the graph, or what kernels before it wrote. Each once. */
  readonly reads: readonly Node[]
  /** Values that it stores, row-major, each once. Never empty. */
  readonly writes: readonly Node[]
}

/**
 * How products of matrices are computed: by tiles in workgroup memory, by four neighbours that pass values on, or by
 * blocks that each invocation has for itself.
 */
export type ProductVariant = 'tiles' | 'quads' | 'blocks'

/** What of a device shader text depends on. */
export interface DeviceTraits {
  readonly maxStorageBuffers: number
  readonly maxWorkgroupSize: number
  readonly maxWorkgroupsPerDimension: number
  readonly maxWorkgroupStorageBytes: number
  /** Of a value that a kernel reads or writes. */
  readonly maxBindingBytes: number
  /** Whether workgroup barriers are cheap; on adapters that imitate a graphics processor they are very slow. */
  readonly hasFastBarriers: boolean
  readonly hasSubgroups: boolean
  readonly hasF16: boolean
  /** The fastest, where it was measured. */
  readonly products?: ProductVariant
}

/**
 * Values that are stored in 16 bits, and how far apart in memory order the two lie that share a word. Their value is the
 * rounded one everywhere, also where it is computed again rather than read.
 */
export type Halves = ReadonlyMap<Node, number>

export interface ShaderOptions {
  readonly traits: DeviceTraits
  /** None, if left out. */
  readonly halves?: Halves | undefined
  /** Writes that lie in the memory of one of the kernel's reads, and so share its binding. */
  readonly shared: ReadonlyMap<Node, Node>
}

/** A shader and how to launch it. Kernels of equal structure have equal text, whichever values they bind. */
export interface Shader {
  readonly code: string
  readonly entryPoint: string
  readonly workgroups: readonly [x: number, y: number, z: number]
  /** What lies at binding 0, 1, … of group 0: a read, or a write that shares no read. All `storage, read_write`. */
  readonly bindings: readonly Node[]
}

/** What makes kernels of graphs and shaders of kernels. */
export interface Compiler {
  /**
   * Kernels that compute `outputs`, in an order that can be executed; each output is written by one of them. Those
   * of `places`, concatenations, are kernels of their own.
   */
  fuse(outputs: readonly Node[], traits: DeviceTraits, places?: ReadonlySet<Node>): Kernel[]
  /** For kernels that run side by side: none needs what another one writes. */
  generate(kernels: readonly Kernel[], options: ShaderOptions): Shader
  /** Which of `nodes`, writes of the kernel, it can store in 16 bits: each invocation has both values of a word. */
  halve(kernel: Kernel, nodes: readonly Node[], halves: Halves): Halves
  /** Whether `write` may lie in the memory of `read`: each place of it is read before it is written, by nobody else. */
  canShare(kernel: Kernel, write: Node, read: Node): boolean
}
