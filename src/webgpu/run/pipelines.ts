// Pipelines by shader text, compiled beside each other; kernels of equal text share one.
import type { Shader } from '../fuse/kernel.ts'

export class Pipelines {
  readonly #device: GPUDevice
  readonly #known = new Map<string, Promise<GPUComputePipeline> | GPUComputePipeline>()
  readonly #layouts = new Map<number, GPUBindGroupLayout>()

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** Starts to compile; resolves when done. Rejects for text that the device refuses. */
  prepare(shader: Shader): Promise<GPUComputePipeline> | GPUComputePipeline {
    let pipeline = this.#known.get(shader.code)
    if (!pipeline) {
      const made = this.#compile(shader).then((done) => {
        this.#known.set(shader.code, done)
        return done
      })
      pipeline = made
      this.#known.set(shader.code, made)
    }
    return pipeline
  }

  /** Text that is refused is told by the rejection alone, not by the device as well. */
  async #compile(shader: Shader): Promise<GPUComputePipeline> {
    this.#device.pushErrorScope('validation')
    const description = this.#describe(shader)
    const told = this.#device.popErrorScope()
    const pipeline = this.#device.createComputePipelineAsync(description)
    const [error] = await Promise.all([told, pipeline])
    if (error) throw new Error(error.message)
    return pipeline
  }

  /** At once: compiles now, however long that takes, what is not ready. */
  get(shader: Shader): GPUComputePipeline {
    const known = this.#known.get(shader.code)
    if (known && !(known instanceof Promise)) return known
    const made = this.#device.createComputePipeline(this.#describe(shader))
    this.#known.set(shader.code, made)
    return made
  }

  /** Of every shader with so many bindings. */
  layout(bindings: number): GPUBindGroupLayout {
    let layout = this.#layouts.get(bindings)
    if (!layout) {
      layout = this.#device.createBindGroupLayout({
        entries: Array.from({ length: bindings }, (_, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: 'storage' },
        })),
      })
      this.#layouts.set(bindings, layout)
    }
    return layout
  }

  #describe({ code, bindings, entryPoint }: Shader): GPUComputePipelineDescriptor {
    const device = this.#device
    return {
      layout: device.createPipelineLayout({ bindGroupLayouts: [this.layout(bindings.length)] }),
      compute: { module: device.createShaderModule({ code }), entryPoint },
    }
  }
}
