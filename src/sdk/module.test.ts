import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  buffer,
  buffersOf,
  buildModule,
  constant,
  createRandom,
  disposeModule,
  init,
  Module,
  modulesOf,
  parameter,
  parameterCount,
  parametersOf,
} from './index.ts'

class Linear extends Module<tf.Tensor2D, tf.Tensor> {
  weight = parameter([2, 3], init.normal(1))
  bias = parameter([3], init.zeros())
  forward(x: tf.Tensor2D) {
    return x.matMul(this.weight as tf.Tensor2D).add(this.bias)
  }
}

class Net extends Module {
  layers = [new Linear(), { inner: new Linear() }]
  seen = buffer([1])
  tied = this.layers
  head: Linear
  constructor() {
    super()
    this.head = new Linear()
    this.head.weight.dispose()
    this.head.weight = (this.layers[0] as Linear).weight
  }
  forward() {
    return {}
  }
}

const build = <M extends Module<never, unknown>>(make: () => M, seed = 1) =>
  buildModule(createRandom(seed), make)

let tensors = 0
beforeEach(async () => {
  await tf.setBackend('cpu')
  tensors = tf.memory().numTensors
})
afterEach(() => {
  const leaked = tf.memory().numTensors - tensors
  if (leaked !== 0) throw new Error(`${leaked} tensors were left`)
})

describe('modules', () => {
  test('parameters are named by path as PyTorch names them, tied ones once', () => {
    class Tied extends Module {
      layers = [new Linear(), new Linear()]
      again = this.layers[0]!.weight
      seen = buffer([1])
      forward() {
        return {}
      }
    }
    const net = build(() => new Tied())
    expect([...parametersOf(net).keys()]).toEqual([
      'layers.0.weight',
      'layers.0.bias',
      'layers.1.weight',
      'layers.1.bias',
    ])
    expect([...buffersOf(net).keys()]).toEqual(['seen'])
    expect([...modulesOf(net).keys()]).toEqual(['', 'layers.0', 'layers.1'])
    expect(parameterCount(net)).toBe(18)
    disposeModule(net)
  })

  test('a parameter that no field holds is an error, and nothing leaks', () => {
    class Hidden extends Module {
      #secret = parameter([4, 5], init.zeros())
      forward() {
        return { x: this.#secret }
      }
    }
    expect(() => build(() => new Hidden())).toThrow(/shape \[4, 5\].*Hidden/)
    expect(() => build(() => new Net())).toThrow(/shape \[2, 3\]/)
  })

  test('parameters and constants outside of building are refused', () => {
    expect(() => parameter([1], init.zeros())).toThrow(/outside of the building/)
    expect(() => constant([1], Float32Array.of(1))).toThrow(/outside of the building/)
  })

  test.each([
    ['no rows', [0, 3], '[0, 3]'],
    ['a fraction', [2.5], '[2.5]'],
    ['a negative size', [4, -1], '[4, -1]'],
    ['no number', [Number.NaN], '[NaN]'],
  ])('a shape with %s is refused', (_, shape, shown) => {
    class Odd extends Module {
      weight = parameter(shape, init.zeros())
      forward() {
        return {}
      }
    }
    expect(() => build(() => new Odd())).toThrow(`of shape ${shown}, but sizes are whole numbers`)
  })

  test('an initializer of the wrong length is refused', () => {
    class Short extends Module {
      weight = buffer([2, 2], () => new Float32Array(3))
      forward() {
        return {}
      }
    }
    expect(() => build(() => new Short())).toThrow('a buffer of shape [2, 2] gave 3 values, not 4')
  })

  test('constants are freed with the module, and are neither parameters nor state', () => {
    class Masked extends Module {
      mask = constant([2, 2], Float32Array.of(0, 1, 0, 1))
      weight = parameter([1], init.ones())
      forward() {
        return {}
      }
    }
    const masked = build(() => new Masked())
    expect([...parametersOf(masked).keys(), ...buffersOf(masked).keys()]).toEqual(['weight'])
    disposeModule(masked)
  })

  test('the seed fixes the initial weights', async () => {
    const values = async (seed: number) => {
      const net = build(() => new Linear(), seed)
      const data = [...(await net.weight.data())]
      disposeModule(net)
      return data
    }
    expect(await values(1)).toEqual(await values(1))
    expect(await values(1)).not.toEqual(await values(2))
  })
})
