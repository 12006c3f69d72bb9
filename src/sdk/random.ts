// Random numbers that depend on nothing but a key: the same seed gives the same run everywhere.
import { EngineError } from './errors.ts'
import { defineService } from './services.ts'
import { noteRead } from './step-reads.ts'

/** A stream of random numbers. Streams forked under different keys are independent of each other. */
export interface Random {
  /** A stream of its own for `key` (1 and '1' are one key); forking does not advance this stream. */
  fork(key: string | number): Random
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, limit). Throws for a limit that is not a whole number from 1 on. */
  int(limit: number): number
  /** Normal with mean 0 and standard deviation 1 (Box–Muller). */
  normal(): number
  /** Index drawn with probability proportional to `weights`. Throws unless they are finite, none negative, one positive. */
  pick(weights: ArrayLike<number>): number
  /** A random order of 0 … length - 1 (Fisher–Yates). */
  permutation(length: number): Int32Array
  /** `length` values, uniform from `low` to `high`. Rounded to float32, so `high` itself may come. */
  uniforms(length: number, low?: number, high?: number): Float32Array
  /** `length` normal values with the given standard deviation. */
  normals(length: number, deviation?: number): Float32Array
}
/** The plugin's own stream, `ctx.random`. */
export const Random = defineService<Random>('core.random')

/** 32-bit finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Number `index` of a stream, from 1 on: 32 random bits. */
const bitsAt = (index: number, low: number, high: number): number => mix(mix(index ^ low) + high)

function hashKey(seed: number, key: string | number): number {
  let h = mix(seed ^ 0x9e3779b9)
  const text = String(key)
  for (let i = 0; i < text.length; i++)
    h = mix(h ^ text.charCodeAt(i) ^ Math.imul(i + 1, 0x01000193))
  return h
}

/** Where a stream stands: numbers drawn, and the second of a pair of normal ones that is left. */
export type RandomPosition = readonly [count: number, spare: number | undefined]

/** A stream that can be put where another one of its key stood. */
export interface MovableRandom extends Random {
  position: RandomPosition
  fork(key: string | number): MovableRandom
}

/** Where a stream below that of a step is: the stream of the step, and the keys of the forks from there. */
interface Place {
  readonly root: Random
  readonly path: readonly (string | number)[]
}

/** How a device's key follows from the stream of a step: the same path and count give the key of another step. */
export interface KeyRecipe extends Place {
  /** Numbers that were drawn of the stream before. */
  readonly count: number
}

const IN_JAVASCRIPT =
  'draws random numbers in JavaScript; nn.uniform, nn.normal and nn.dropout draw them on the device'

const recipes = new WeakMap<Int32Array, KeyRecipe>()

class CounterRandom implements MovableRandom {
  #counter = 0
  #spare: number | undefined
  readonly #low: number
  readonly #high: number
  readonly #place: Place | undefined

  /** `place` says where it is; 'root' that it is the stream of a step. */
  constructor(low: number, high: number, place?: Place | 'root') {
    this.#low = low
    this.#high = high
    this.#place = place === 'root' ? { root: this, path: [] } : place
  }

  get position(): RandomPosition {
    return [this.#counter, this.#spare]
  }

  set position([count, spare]: RandomPosition) {
    this.#counter = count
    this.#spare = spare
  }

  fork(key: string | number): MovableRandom {
    const place = this.#place
    return this.#fork(key, place && { root: place.root, path: [...place.path, key] })
  }

  #fork(key: string | number, place: Place | 'root' | undefined): CounterRandom {
    const [low, high] = [hashKey(this.#low, key), hashKey(this.#high ^ 0x5bd1e995, key)]
    return new CounterRandom(low, high, place)
  }

  forStep(step: number): CounterRandom {
    return this.#fork('step', undefined).#fork(step, 'root')
  }

  /** Key of the `count` numbers that come next, which a device draws in place of this stream. */
  take(count: number): Int32Array {
    const key = Int32Array.of(this.#low, this.#high, this.#counter)
    if (this.#place) recipes.set(key, { ...this.#place, count: this.#counter })
    else
      noteRead(
        'draws from a stream of random numbers that goes on from step to step; ctx.random is that of the step',
      )
    this.#counter = (this.#counter + count) | 0
    return key
  }

  #bits(): number {
    noteRead(IN_JAVASCRIPT)
    this.#counter = (this.#counter + 1) | 0
    return bitsAt(this.#counter, this.#low, this.#high)
  }

  next(): number {
    return this.#bits() / 0x1_0000_0000
  }

  int(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1)
      throw refuse(`int(${limit})`, 'a whole number from 1 on')
    return Math.floor(this.next() * limit)
  }

  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare
      this.#spare = undefined
      return spare
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    const angle = 2 * Math.PI * this.next()
    this.#spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  pick(weights: ArrayLike<number>): number {
    let total = 0
    let last = -1
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!
      if (!(weight >= 0)) throw refuse(`pick() with weight ${weight} at ${i}`, 'no negative weight')
      total += weight
      if (weight > 0) last = i
    }
    if (last < 0 || total === Infinity)
      throw refuse(`pick() with weights of sum ${total}`, 'a finite sum above 0')
    let rest = this.next() * total
    for (let i = 0; i < last; i++) {
      rest -= weights[i]!
      if (rest < 0) return i
    }
    // Rounding may leave a crumb of `rest`: it belongs to the last weight that counts.
    return last
  }

  permutation(length: number): Int32Array {
    const order = Int32Array.from({ length }, (_, i) => i)
    for (let i = length - 1; i > 0; i--) {
      const j = this.int(i + 1)
      const held = order[i]!
      order[i] = order[j]!
      order[j] = held
    }
    return order
  }

  uniforms(length: number, low = 0, high = 1): Float32Array {
    return Float32Array.from({ length }, () => low + (high - low) * this.next())
  }

  normals(length: number, deviation = 1): Float32Array {
    return Float32Array.from({ length }, () => deviation * this.normal())
  }
}

const refuse = (subject: string, needed: string): EngineError =>
  new EngineError({
    code: 'data.invalid',
    message: `random numbers: ${subject}, where ${needed} is needed`,
    hint: 'check the values before drawing: NaN and Infinity often come from a log or a division by 0',
  })

/** The root stream of `seed` (any integer). */
export function createRandom(seed: number): MovableRandom {
  return new CounterRandom(hashKey(seed, 'low'), hashKey(seed, 'high'))
}

/** The stream of a training step: for as long as it lives, keys taken below it know their recipe. */
export function stepRandom(random: Random, step: number): Random {
  return random instanceof CounterRandom ? random.forStep(step) : random.fork('step').fork(step)
}

/**
 * Key of the next `count` numbers of `random`, which moves on by as many: low and high half of the stream's key and
 * the numbers drawn before, as 32-bit patterns. `undefined` for what is no stream of this engine.
 */
export const takeKey = (random: object, count: number): Int32Array | undefined =>
  random instanceof CounterRandom ? random.take(count) : undefined

/**
 * The numbers of a key, in [0, 1): number i of them is the upper 24 of the 32 bits
 * mix(mix((counter + 1 + i) ^ low) + high), over 2^24. That is `next()` rounded down to what float32 holds exactly,
 * so every device gives the same numbers.
 */
export function uniformsOf(key: Int32Array, length: number): Float32Array {
  const [low, high, counter] = key as unknown as [number, number, number]
  const values = new Float32Array(length)
  for (let i = 0; i < length; i++)
    values[i] = (bitsAt((counter + 1 + i) | 0, low, high) >>> 8) / 0x100_0000
  return values
}

/** How the very array `key` was taken; `undefined` for a stream that is not below that of a step. */
export const keyRecipe = (key: Int32Array): KeyRecipe | undefined => recipes.get(key)

/** The key that the same draws give below another step's stream. */
export function keyBelow(root: Random, { path, count }: KeyRecipe): Int32Array {
  const stream = path.reduce<Random>((at, key) => at.fork(key), root) as CounterRandom
  stream.position = [count, undefined]
  return stream.take(0)
}
