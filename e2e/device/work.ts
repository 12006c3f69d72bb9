// Counts what WebGPU is asked to compute, once this is imported: programs that were compiled from a step, and tfjs's own kernels.
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { Program } from '../../src/webgpu/run/program.ts'

export interface Work {
  programs: number
  /** Kernels of tfjs that ran by themselves. */
  kernels: number
}

const counts: Work = { programs: 0, kernels: 0 }

/** Since the page was opened. */
export const workNow = (): Work => ({ ...counts })

export const workBetween = (before: Work, after: Work): Work => ({
  programs: after.programs - before.programs,
  kernels: after.kernels - before.kernels,
})

const { run } = Program.prototype
Program.prototype.run = function (...args) {
  counts.programs++
  run.apply(this, args)
}

const { runWebGPUProgram } = WebGPUBackend.prototype
WebGPUBackend.prototype.runWebGPUProgram = function (...args) {
  counts.kernels++
  return runWebGPUProgram.apply(this, args)
}
