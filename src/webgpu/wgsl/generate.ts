// From kernels to shaders.
import type { Kernel, Shader, ShaderOptions } from '../fuse/kernel.ts'
import { generateDot } from './dot.ts'
import { generateLoop } from './loop.ts'

/** The shader of a kernel. Kernels of equal structure have equal text. */
export function generate(kernel: Kernel, options: ShaderOptions): Shader {
  return kernel.kind === 'dot' ? generateDot(kernel, options) : generateLoop(kernel, options)
}
