// Pooling of images and sequences: many places to one.
import * as tf from '@tensorflow/tfjs'
import type { LayerInput } from '../model-kinds.ts'
import { type ForwardContext, Module } from '../module.ts'
import { pool } from './pool.ts'
import { takeMask } from './take-mask.ts'

export interface MaxPool2dOptions {
  /** Places that the window moves on at a time, down and across; its size unless set. */
  stride?: number | undefined
  /** `valid` leaves out what does not fill a window and is the default; `same` fills up at the border. */
  padding?: 'same' | 'valid' | undefined
}

/** The largest value in each square of side `size`: images [batch, height, width, channels] to smaller ones. */
export class MaxPool2d extends Module<tf.Tensor4D, tf.Tensor4D> {
  readonly size: number
  readonly stride: number
  readonly padding: 'same' | 'valid'

  constructor(size: number, { stride = size, padding = 'valid' }: MaxPool2dOptions = {}) {
    super()
    this.size = size
    this.stride = stride
    this.padding = padding
  }

  forward(images: tf.Tensor4D): tf.Tensor4D {
    return tf.maxPool(images, this.size, this.stride, this.padding)
  }
}

/**
 * The mean of each square of side `size`, without padding: images [batch, height, width, channels] to smaller ones.
 * The square moves on by `stride` places, by its size unless set.
 */
export class AvgPool2d extends Module<tf.Tensor4D, tf.Tensor4D> {
  readonly size: number
  readonly stride: number

  constructor(size: number, { stride = size }: { stride?: number | undefined } = {}) {
    super()
    this.size = size
    this.stride = stride
  }

  forward(images: tf.Tensor4D): tf.Tensor4D {
    // With padding, tfjs counts the border in the gradient, but not in the mean.
    return tf.avgPool(images, this.size, this.stride, 'valid')
  }
}

/**
 * One vector of each row: [batch, …, width] to [batch, width] over all places between. Of sequences
 * [batch, time, width], only positions count that the mask keeps (`ctx.mask` [batch, time], or a second input).
 */
export class GlobalPool extends Module<LayerInput, tf.Tensor> {
  readonly how: 'mean' | 'max'

  constructor(how: 'mean' | 'max' = 'mean') {
    super()
    this.how = how
  }

  forward(input: LayerInput, ctx: ForwardContext): tf.Tensor {
    const [x, { mask }] = takeMask(input, ctx)
    if (x.rank < 3) return x
    const between = x.shape.slice(1, -1).map((_, axis) => axis + 1)
    if (!mask || x.rank !== 3) return this.how === 'mean' ? x.mean(between) : x.max(between)
    return pool(x, this.how, mask)
  }
}
