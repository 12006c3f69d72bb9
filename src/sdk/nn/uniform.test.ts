import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { createRandom, keyBelow, keyRecipe, nn, type Random, stepRandom } from '../index.ts'
import { takeKey } from '../random.ts'
import { notingReads } from '../step-reads.ts'

const numbers = (tensor: tf.Tensor) => [...tensor.dataSync()]

describe('random tensors', () => {
  test('are the numbers of the stream, rounded down to 24 bits, and move it on', () => {
    const [drawn, plain] = [createRandom(4).fork('x'), createRandom(4).fork('x')]
    for (const shape of [[3, 4], [], [0], [5]]) {
      const found = nn.uniform(drawn, shape)
      expect(found.shape).toEqual(shape)
      const next = Array.from({ length: found.size }, () => plain.next())
      expect(numbers(found)).toEqual(next.map((value) => Math.floor(value * 2 ** 24) / 2 ** 24))
      expect(drawn.next()).toBe(plain.next())
    }
  })

  test('of another source come from its next()', () => {
    let at = 0
    const tensor = nn.uniform({ next: () => at++ / 4 }, [2, 2])
    expect(numbers(tensor)).toEqual([0, 0.25, 0.5, 0.75])
  })

  test('normal ones are those of normals(), for odd counts too', () => {
    for (const length of [6, 7]) {
      const expected = createRandom(9).normals(length, 2)
      const found = numbers(nn.normal(createRandom(9), [length], 2))
      found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5))
    }
  })

  test('a gradient goes by them, not into them', () => {
    const x = tf.tensor1d([1, 2, 3])
    const random = createRandom(2)
    const expected = numbers(nn.uniform(createRandom(2), [3]))
    expect(numbers(tf.grad((at: tf.Tensor) => at.mul(nn.uniform(random, [3])))(x))).toEqual(
      expected,
    )
  })

  test('dropout keeps what next() keeps', () => {
    const plain = createRandom(11)
    const expected = Array.from({ length: 500 }, () =>
      plain.next() < 0.3 ? 0 : Math.fround(1 / 0.7),
    )
    expect(numbers(nn.dropout(tf.ones([20, 25]), 0.3, createRandom(11)))).toEqual(expected)
    const source = createRandom(11)
    const foreign = { next: () => source.next() }
    expect(numbers(nn.dropout(tf.ones([500]), 0.3, foreign))).toEqual(expected)
  })
})

describe('keys of a step', () => {
  const root = createRandom(1)

  test('the stream of a step is the fork of its number', () => {
    expect(stepRandom(root, 3).next()).toBe(root.fork('step').fork(3).next())
  })

  test('a recipe gives the key of another step', () => {
    const draw = (step: Random): Int32Array => {
      const below = step.fork(0).fork('mask')
      takeKey(below, 10)
      return takeKey(below, 4)!
    }
    const steps = [5, 6].map((step) => stepRandom(root, step))
    const [fifth, sixth] = steps.map((step) => draw(step))
    const recipe = keyRecipe(fifth!)!
    expect(recipe).toEqual({ root: steps[0], path: [0, 'mask'], count: 10 })
    expect(keyBelow(steps[1]!, recipe)).toEqual(sixth)
    expect(sixth).not.toEqual(fifth)
    expect(keyRecipe(keyBelow(steps[1]!, recipe))).toEqual({ ...recipe, root: steps[1] })
  })

  test('what no recipe draws again is noted', () => {
    const step = stepRandom(root, 5)
    const noted = (draw: () => void): string[] => {
      const found: string[] = []
      notingReads((what) => found.push(what), draw)
      return found
    }
    expect(noted(() => takeKey(step.fork('a'), 100))).toEqual([])
    expect(noted(() => step.fork('a').next())).toEqual([
      expect.stringContaining('draws random numbers in JavaScript'),
    ])
    const elsewhere = root.fork('elsewhere')
    expect(noted(() => expect(keyRecipe(takeKey(elsewhere, 10)!)).toBeUndefined())).toEqual([
      expect.stringContaining('goes on from step to step'),
    ])
  })
})
