// Training steps as programs of the graphics processor: what is outside of this zone needs of it.
import type { Tensor } from '@tensorflow/tfjs'
import { TracingBackend } from './trace/backend.ts'
import { registerRecording } from './trace/register.ts'
import { Traces } from './trace/traces.ts'
import { canShare } from './fuse/access.ts'
import { fuse } from './fuse/fuse.ts'
import { HALVE_FROM } from './plan/halving.ts'
import { halve } from './wgsl/halves.ts'
import { remembering } from './wgsl/structure.ts'
import { traitsOf } from './wgsl/traits.ts'
import { chooseProducts, describeAdapter, type Measured, trialsOn } from './wgsl/variants.ts'

/**
 * A tfjs backend for WebGPU. What is computed through `compileWork` runs as one program, all else as in tfjs's own. What
 * was `measured` on the adapter before is not measured again.
 */
export async function createBackend(
  device: GPUDevice,
  info: GPUAdapterInfo,
  { isSoftware, measured }: { isSoftware: boolean; measured: readonly Measured[] },
) {
  registerRecording()
  const adapter = describeAdapter(info, device.features)
  const known = traitsOf(device, isSoftware)
  const products = await chooseProducts(known, { adapter, measured }, trialsOn(device, known))
  const traits = { ...known, products }
  const compiler = { fuse, generate: remembering(), halve, canShare }
  const backend = new TracingBackend(device, info, { compiler, traits })
  const compileWork = ({ precision }: { precision?: 'float32' | 'mixed' | undefined } = {}) => {
    const halveFrom = precision === 'mixed' ? HALVE_FROM : undefined
    const traces = new Traces(() => backend.flush(), halveFrom)
    return {
      run: <T>(inputs: readonly Tensor[], work: () => T) => backend.trace(traces, inputs, work),
      get repeatable() {
        const { replay } = traces
        if (!replay) return undefined
        return {
          program: replay.recorded.program,
          written: replay.written,
          left: replay.results.length,
          again: (inputs: readonly Tensor[], written: readonly ArrayLike<number>[]) =>
            backend.replay({ replay, inputs, written }),
        }
      },
      get obstacles() {
        return traces.obstacles
      },
      report: () => traces.account.report,
      dispose: () => traces.dispose(),
    }
  }
  return { backend, compileWork, measured: { adapter, products } }
}
