// Random tensors and shapes from a seed: the same on every backend.
import * as tf from '@tensorflow/tfjs'

export class Draw {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b9)
  }

  /** Uniform in [0, 1): Mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let h = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    h ^= h + Math.imul(h ^ (h >>> 7), h | 61)
    return ((h ^ (h >>> 14)) >>> 0) / 2 ** 32
  }

  /** From `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1))
  }

  flag(): boolean {
    return this.whole(0, 1) === 1
  }

  oneOf<T>(options: readonly T[]): T {
    return options[this.whole(0, options.length - 1)]!
  }

  /** `rank` lengths from 1 to `longest`, now and then 0 where `orEmpty`. */
  shape(rank = this.whole(0, 6), longest = rank > 3 ? 3 : 5, orEmpty = false): number[] {
    return Array.from({ length: rank }, () =>
      orEmpty && this.whole(0, 9) === 0 ? 0 : this.whole(1, longest),
    )
  }

  /** A shape that broadcasts with `shape`: some axes 1, some of the first left out. */
  partOf(shape: readonly number[]): number[] {
    return shape
      .slice(this.whole(0, shape.length))
      .map((length) => (this.whole(0, 2) === 0 ? 1 : length))
  }

  floats(shape: number[], low = -2, high = 2): tf.Tensor {
    const draw = () => low + this.#next() * (high - low)
    return tf.tensor(Float32Array.from({ length: sizeOf(shape) }, draw), shape)
  }

  ints(shape: number[], low = -5, high = 5): tf.Tensor {
    const values = Int32Array.from({ length: sizeOf(shape) }, () => this.whole(low, high))
    return tf.tensor(values, shape, 'int32')
  }

  bools(shape: number[]): tf.Tensor {
    const values = Array.from({ length: sizeOf(shape) }, () => this.flag())
    return tf.tensor(values, shape, 'bool')
  }

  /** Floats or whole numbers. */
  numbers(shape: number[]): tf.Tensor {
    return this.flag() ? this.floats(shape) : this.ints(shape)
  }

  /** An axis of a tensor of `rank`, counted from the front or the back. */
  axis(rank: number): number {
    return this.whole(-rank, rank - 1)
  }

  /** Axes of a tensor of `rank`, in any order. */
  axes(rank: number): number[] {
    return this.order(rank).slice(0, this.whole(rank === 0 ? 0 : 1, rank))
  }

  /** The axes of a tensor of `rank`, shuffled. */
  order(rank: number): number[] {
    const keys = Array.from({ length: rank }, () => this.#next())
    return keys.map((_, axis) => axis).sort((a, b) => keys[a]! - keys[b]!)
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
