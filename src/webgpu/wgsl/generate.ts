// From kernels to shaders.
import type { Kernel, Shader, ShaderOptions } from '../fuse/kernel.ts'
import { dotPart, dotWorkgroup } from './dot.ts'
import { loopPart } from './loop.ts'
import { Module } from './program.ts'
import { rowsPart } from './rows.ts'

/** Invocations of a workgroup where loops run side by side. */
const LOOPS_WORKGROUP = 64

/** The shader that runs kernels side by side; none needs what another one writes. Equal structure gives equal text. */
export function generate(kernels: readonly Kernel[], options: ShaderOptions): Shader {
  const { traits } = options
  const module = new Module(kernels, options)
  const isJoined = kernels.length > 1
  const hasDot = kernels.some(({ kind }) => kind === 'dot')
  const together = hasDot ? dotWorkgroup(traits) : LOOPS_WORKGROUP
  const parts = kernels.map((kernel) => {
    if (kernel.kind === 'dot') return dotPart(module, kernel, traits, isJoined)
    if (kernel.kind === 'rows') return rowsPart(module, kernel, traits, together)
    return loopPart(module, kernel, traits, isJoined ? together : undefined)
  })
  return module.shader(parts, traits)
}
