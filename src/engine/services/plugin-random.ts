// A plugin's stream of random numbers. It begins anew with each run, so that equal runs draw equal numbers.
import { createRandom, type MovableRandom, type RandomPosition } from '#sdk'

export class PluginRandom implements MovableRandom {
  readonly #plugin: string
  #stream: MovableRandom

  constructor(plugin: string, seed: number) {
    this.#plugin = plugin
    this.#stream = createRandom(seed).fork(plugin)
  }

  /** Whatever was drawn before: the numbers of a run depend on nothing but its seed and the plugin. */
  beginRun(seed: number): void {
    this.#stream = createRandom(seed).fork(this.#plugin).fork('run')
  }

  get position(): RandomPosition {
    return this.#stream.position
  }

  set position(position: RandomPosition) {
    this.#stream.position = position
  }

  fork(key: string | number): MovableRandom {
    return this.#stream.fork(key)
  }

  next(): number {
    return this.#stream.next()
  }

  int(limit: number): number {
    return this.#stream.int(limit)
  }

  normal(): number {
    return this.#stream.normal()
  }

  pick(weights: ArrayLike<number>): number {
    return this.#stream.pick(weights)
  }

  permutation(length: number): Int32Array {
    return this.#stream.permutation(length)
  }

  uniforms(length: number, low?: number, high?: number): Float32Array {
    return this.#stream.uniforms(length, low, high)
  }

  normals(length: number, deviation?: number): Float32Array {
    return this.#stream.normals(length, deviation)
  }
}
