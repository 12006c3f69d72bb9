// Uses kernels that have no compiled form, one of them its own, and a tensor of text.
import * as tf from '@tensorflow/tfjs'
import { plugin } from 'plugboard'
import { Small } from './small.ts'

/** x³, from kernels of the backend. */
function registerCube(): void {
  const backendName = tf.getBackend()
  const multiply = tf.getKernel('Multiply', backendName).kernelFunc
  tf.registerKernel({
    kernelName: 'Cube',
    backendName,
    kernelFunc({ inputs, backend }) {
      const x = inputs['x'] as tf.TensorInfo
      const square = multiply({ inputs: { a: x, b: x }, backend }) as tf.TensorInfo
      const cube = multiply({ inputs: { a: square, b: x }, backend })
      ;(backend as tf.KernelBackend).disposeData(square.dataId)
      return cube
    },
  })
  tf.registerGradient({
    kernelName: 'Cube',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, x!.square().mul(3)) }),
  })
}

/** Sum of the two largest values of each row; no gradient comes back. */
const largest = tf.customGrad((x) => ({
  value: tf.topk(x as tf.Tensor, 2).values.sum(1, true),
  gradFunc: () => tf.zerosLike(x as tf.Tensor),
}))

class Model extends Small {
  override between(x: tf.Tensor) {
    const cubes = tf.engine().runKernel<tf.Tensor>('Cube', { x: x.tanh() })
    const top = largest(x)
    const names = tf.tensor1d(['a', 'b'])
    const spectrum = tf.abs(tf.spectral.fft(tf.complex(tf.ones([4]), tf.range(0, 4))))
    return cubes.mul(x).add(top).add(spectrum).div(names.size)
  }
}

export default class extends plugin({
  manifest: { name: 'kernels', version: '1.0.0', category: 'model', provides: ['model/kernels'] },
}) {
  initialize() {
    registerCube()
    this.ctx.provide('model', 'kernels', () => new Model())
  }
}
