// Arithmetic of views: what they read, and how one of another is one.
import { sameShape, type Shape, sizeOf, type ViewAxis, type ViewNode } from './node.ts'

/** A view axis that reads along one axis of the view. */
export const along = (axis: number, factor = 1, offset = 0): ViewAxis => ({
  terms: [[axis, factor]],
  offset,
  divisor: 1,
})
/** A view axis that reads the same place everywhere. */
export const fixed = (offset = 0): ViewAxis => ({ terms: [], offset, divisor: 1 })

/** Without what an axis of length 1 adds, which is nothing. */
export const plain = ({ terms, offset, divisor }: ViewAxis, shape: Shape): ViewAxis => ({
  terms: terms.filter(([axis]) => shape[axis] !== 1),
  offset,
  divisor,
})

/** Whether an axis reads its own place, in a view over `shape`. */
export const isUnchanged =
  (shape: Shape) =>
  ({ terms, offset, divisor }: ViewAxis, axis: number): boolean => {
    if (offset !== 0 || divisor !== 1) return false
    if (shape[axis] === 1) return terms.length === 0
    return terms.length === 1 && terms[0]![0] === axis && terms[0]![1] === 1
  }

/** The first and last place that an axis of a view over `shape` reads; `undefined` where a division is in the way. */
export function rangeOf(
  { terms, offset, divisor }: ViewAxis,
  shape: Shape,
): [lowest: number, highest: number] | undefined {
  if (divisor !== 1) return undefined
  const ends = terms.map(([axis, factor]) => factor * (shape[axis]! - 1))
  const lowest = ends.reduce((sum, end) => sum + Math.min(end, 0), offset)
  return [lowest, ends.reduce((sum, end) => sum + Math.max(end, 0), offset)]
}

/** Whether a view over `shape` never reads outside of an axis of `length`. */
export function staysInside(axis: ViewAxis, shape: Shape, length: number): boolean {
  const range = rangeOf(axis, shape)
  return range !== undefined && range[0] >= 0 && range[1] < length
}

/** What `outer`, a view of a view `inner`, reads of the innermost; `undefined` where a division is in the way. */
export function compose(
  outer: readonly ViewAxis[],
  inner: readonly ViewAxis[],
): ViewAxis[] | undefined {
  const composed: ViewAxis[] = []
  for (const { terms, offset, divisor } of inner) {
    const factors = new Map<number, number>()
    let start = offset
    // A place that is only passed on may itself be divided.
    if (terms.length === 1 && terms[0]![1] === 1 && offset === 0 && divisor === 1) {
      composed.push(outer[terms[0]![0]]!)
      continue
    }
    for (const [middle, factor] of terms) {
      const through = outer[middle]!
      if (through.divisor !== 1) return undefined
      start += factor * through.offset
      for (const [axis, own] of through.terms)
        factors.set(axis, (factors.get(axis) ?? 0) + factor * own)
    }
    composed.push({ terms: [...factors].filter(([, own]) => own !== 0), offset: start, divisor })
  }
  return composed
}

/**
 * Whether what lies outside of a view lies outside of its input too, and the other way round: it only reorders axes.
 * `outer` is a view of it over `shape`: an axis that reads nothing of the input may not be left by it.
 */
export function keepsOutside(view: ViewNode, outer: readonly ViewAxis[], shape: Shape): boolean {
  const lengths = view.inputs[0]!.shape
  const used = new Set<number>()
  for (const [i, { terms, offset, divisor }] of view.axes.entries()) {
    if (offset !== 0 || divisor !== 1 || view.fill !== undefined) return false
    if (terms.length === 0 && lengths[i] === 1) continue
    const [[axis, factor] = [-1, 0]] = terms
    if (terms.length !== 1 || factor !== 1 || view.shape[axis] !== lengths[i]) return false
    if (used.has(axis)) return false
    used.add(axis)
  }
  return outer.every((axis, i) => used.has(i) || staysInside(axis, shape, view.shape[i]!))
}

/** Whether a view has each value of its input once. */
export function isReordering({ shape, inputs, axes, fill }: ViewNode): boolean {
  const lengths = inputs[0]!.shape
  const used = axes.flatMap(({ terms: [term], offset, divisor }, i) => {
    if (offset !== 0 || divisor !== 1 || !term) return []
    return term[1] === 1 && shape[term[0]] === lengths[i] ? [term[0]] : []
  })
  const isEach = axes.every(({ terms }, i) => terms.length === (lengths[i] === 1 ? 0 : 1))
  return (
    fill === undefined &&
    isEach &&
    new Set(used).size === longAxes(lengths).length &&
    sizeOf(shape) === sizeOf(lengths)
  )
}

const longAxes = (shape: Shape): number[] =>
  shape.flatMap((length, axis) => (length === 1 ? [] : [axis]))

/** Whether two shapes differ by axes of length 1 only. */
export const differsByOnes = (a: Shape, b: Shape): boolean =>
  sameShape(
    a.filter((length) => length !== 1),
    b.filter((length) => length !== 1),
  )

/** Axes of a view of a value of shape `from`, for the same value as `to`, which differs by axes of length 1. */
export function ofShape(axes: readonly ViewAxis[], from: Shape, to: Shape): ViewAxis[] {
  const long = longAxes(from)
  let next = 0
  return to.map((length) => (length === 1 ? fixed() : axes[long[next++]!]!))
}

/** Axes of a view over `from`, for a view over `to`, which differs by axes of length 1. */
export function overShape(axes: readonly ViewAxis[], from: Shape, to: Shape): ViewAxis[] {
  const [before, after] = [longAxes(from), longAxes(to)]
  return axes.map(({ terms, offset, divisor }) => ({
    terms: terms.map(([axis, factor]) => [after[before.indexOf(axis)]!, factor] as const),
    offset,
    divisor,
  }))
}
