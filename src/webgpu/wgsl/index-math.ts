// Whole-number expressions over loop variables, simplified by the ranges of their parts: where in memory a value lies.
import type { Shape } from '../graph/node.ts'

/** A loop variable, or any number that a shader has a name for: 0 … length - 1. */
export interface Variable {
  readonly kind: 'variable'
  readonly name: string
  readonly length: number
  /** Of the block that declares it; see `Block`. */
  readonly depth: number
}

/** `of` divided by the constant `by`, rounded down, or what remains; `of` is never negative, `by` is above 1. */
interface Quotient {
  readonly kind: 'div' | 'mod'
  readonly of: Index
  readonly by: number
  readonly name: string
}

export type Atom = Variable | Quotient

const rank = (atom: Atom): number => (atom.kind === 'variable' ? atom.depth : atom.of.depth)
function limitsOf(atom: Atom): readonly [min: number, max: number] {
  if (atom.kind === 'variable') return [0, atom.length - 1]
  if (atom.kind === 'mod') return [0, Math.min(atom.by - 1, atom.of.max)]
  return [Math.floor(atom.of.min / atom.by), Math.floor(atom.of.max / atom.by)]
}

/** offset + Σ factor × atom. Immutable; equal expressions that simplify alike have equal keys. */
export class Index {
  #key: string | undefined
  readonly min: number
  readonly max: number
  /** Of the innermost block that declares one of its variables; 0 where there is none. */
  readonly depth: number

  constructor(
    readonly terms: readonly (readonly [atom: Atom, factor: number])[],
    readonly offset: number,
  ) {
    let [min, max, depth] = [offset, offset, 0]
    for (const [atom, factor] of terms) {
      const [low, high] = limitsOf(atom)
      min += factor * (factor > 0 ? low : high)
      max += factor * (factor > 0 ? high : low)
      depth = Math.max(depth, rank(atom))
    }
    this.min = min
    this.max = max
    this.depth = depth
  }

  get key(): string {
    this.#key ??=
      this.terms.map(([{ name }, factor]) => `${factor}*${name}+`).join('') + this.offset
    return this.#key
  }

  static constant(value: number): Index {
    return new Index([], value)
  }

  /** A variable of one value is that value. */
  static variable(name: string, length: number, depth: number): Index {
    if (length === 1) return Index.constant(0)
    return new Index([[{ kind: 'variable', name, length, depth }, 1]], 0)
  }

  /** The value where there are no variables. */
  get value(): number | undefined {
    return this.terms.length === 0 ? this.offset : undefined
  }

  plus(other: Index | number): Index {
    if (typeof other === 'number')
      return other === 0 ? this : new Index(this.terms, this.offset + other)
    if (other.terms.length === 0) return this.plus(other.offset)
    if (this.terms.length === 0) return other.plus(this.offset)
    return sum([...this.terms, ...other.terms], this.offset + other.offset)
  }

  times(factor: number): Index {
    if (factor === 1) return this
    if (factor === 0) return Index.constant(0)
    const terms = this.terms.map(([atom, own]) => [atom, own * factor] as const)
    return new Index(terms, this.offset * factor)
  }

  /** Divided by a positive constant, rounded down. */
  dividedBy(by: number): Index {
    if (by === 1) return this
    const { whole, rest } = split(this, by)
    // Rounding down twice is rounding down once: what all parts have in common leaves the division.
    const common = commonFactor(rest, by)
    return whole.plus(quotient('div', shrink(rest, common), by / common))
  }

  /** What remains of a division by a positive constant: 0 … by - 1. */
  modulo(by: number): Index {
    if (by === 1) return Index.constant(0)
    const { rest } = split(this, by)
    const common = commonFactor(rest, by)
    const left = ((rest.offset % common) + common) % common
    return quotient('mod', shrink(rest, common), by / common)
      .times(common)
      .plus(left)
  }
}

/** Terms of equal atoms as one, in one order; c × (x / c) + x % c is x. */
function sum(parts: readonly (readonly [Atom, number])[], offset: number): Index {
  const factors = new Map<string, [Atom, number]>()
  for (const [atom, factor] of parts) {
    const key = atom.name
    const known = factors.get(key)
    if (known) known[1] += factor
    else factors.set(key, [atom, factor])
  }
  for (const [key, [atom, factor]] of factors) {
    if (atom.kind !== 'mod' || factor === 0) continue
    const divided = atom.of.dividedBy(atom.by)
    const [only] = divided.terms
    if (divided.terms.length !== 1 || divided.offset !== 0 || only![1] !== 1) continue
    const other = factors.get(only![0].name)
    if (!other || other[1] !== factor * atom.by) continue
    factors.delete(key)
    factors.delete(only![0].name)
    return new Index([...factors.values()], offset).plus(atom.of.times(factor))
  }
  const terms = [...factors.values()].filter(([, factor]) => factor !== 0)
  // Outermost first: what is known further out is summed further out.
  terms.sort(([a], [b]) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
  return new Index(terms, offset)
}

/** index = by × whole + rest, with all multiples of `by` in `whole`. */
function split(index: Index, by: number): { whole: Index; rest: Index } {
  const whole = index.terms
    .filter(([, factor]) => factor % by === 0)
    .map(([atom, factor]) => [atom, factor / by] as const)
  const rest = index.terms.filter(([, factor]) => factor % by !== 0)
  const down = Math.floor(index.offset / by)
  return { whole: new Index(whole, down), rest: new Index(rest, index.offset - by * down) }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

const commonFactor = (index: Index, by: number): number =>
  index.terms.reduce((common, [, factor]) => gcd(common, Math.abs(factor)), by)

const shrink = (index: Index, by: number): Index =>
  new Index(
    index.terms.map(([atom, factor]) => [atom, factor / by] as const),
    Math.floor(index.offset / by),
  )

/** `index` / by or `index` % by where ranges don't tell it. */
function quotient(kind: 'div' | 'mod', index: Index, by: number): Index {
  if (by === 1) return kind === 'div' ? index : Index.constant(0)
  const lowest = Math.floor(index.min / by)
  if (lowest === Math.floor(index.max / by))
    return kind === 'div' ? Index.constant(lowest) : index.plus(-lowest * by)
  // The shader's division rounds to 0: it is only asked about what isn't negative.
  if (index.min < 0) {
    const raised = index.plus(-lowest * by)
    return kind === 'div' ? quotient(kind, raised, by).plus(lowest) : quotient(kind, raised, by)
  }
  const [first] = index.terms
  if (index.terms.length === 1 && first![1] === 1 && first![0].kind !== 'variable') {
    const inner = first![0]
    // (x / a + k) / b is (x + k a) / (a b), and (x % (a b)) / b is (x / b) % a.
    if (kind === 'div' && inner.kind === 'div')
      return inner.of.plus(index.offset * inner.by).dividedBy(inner.by * by)
    if (kind === 'div' && inner.kind === 'mod' && index.offset === 0 && inner.by % by === 0)
      return inner.of.dividedBy(by).modulo(inner.by / by)
    if (kind === 'mod' && inner.kind === 'mod' && inner.by % by === 0)
      return inner.of.plus(index.offset).modulo(by)
  }
  const name = `(${index.key})${kind === 'div' ? '/' : '%'}${by}`
  return new Index([[{ kind, of: index, by, name }, 1]], 0)
}

/** The row-major place of coordinates in a shape. */
export function flatten(coordinates: readonly Index[], shape: Shape): Index {
  let flat = Index.constant(0)
  for (const [axis, length] of shape.entries()) flat = flat.times(length).plus(coordinates[axis]!)
  return flat
}

/** The coordinates of a row-major place in a shape. */
export function unflatten(flat: Index, shape: Shape): Index[] {
  const coordinates: Index[] = []
  let rest = flat
  for (let axis = shape.length - 1; axis > 0; axis--) {
    coordinates.unshift(rest.modulo(shape[axis]!))
    rest = rest.dividedBy(shape[axis]!)
  }
  if (shape.length > 0) coordinates.unshift(shape[0] === 1 ? Index.constant(0) : rest)
  return coordinates
}

/** The coordinates in shape `to` of what has `coordinates` in shape `from`: the same values in the same order. */
export function reshaped(coordinates: readonly Index[], from: Shape, to: Shape): Index[] {
  const result: Index[] = to.map(() => Index.constant(0))
  if (from.includes(0)) return result
  let [a, b] = [0, 0]
  while (a < from.length && b < to.length) {
    // Axes that make up each other are taken apart alone.
    const [firstA, firstB] = [a, b]
    let [sizeA, sizeB] = [from[a++]!, to[b++]!]
    while (sizeA !== sizeB)
      if (sizeA < sizeB) sizeA *= from[a++]!
      else sizeB *= to[b++]!
    if (a - firstA === 1 && b - firstB === 1) result[firstB] = coordinates[firstA]!
    else {
      const place = flatten(coordinates.slice(firstA, a), from.slice(firstA, a))
      for (const [i, index] of unflatten(place, to.slice(firstB, b)).entries())
        result[firstB + i] = index
    }
  }
  return result
}
