// The loops that a kernel runs: over items, and for each item over what is combined.
import { flatten, type Index, unflatten } from '../wgsl/index-math.ts'
import {
  type DotNode,
  type Node,
  type ReduceNode,
  type ScatterNode,
  sizeOf,
} from '../graph/node.ts'

/** Nodes whose value takes a loop. */
export type CombineNode = ReduceNode | ScatterNode | DotNode

export const isCombine = (node: Node): node is CombineNode =>
  node.op === 'reduce' || node.op === 'scatter' || node.op === 'dot'

/** Axes in memory order, neighbours of one kind merged: kept ones number the items, the others are looped over. */
export interface Space {
  readonly segments: readonly { readonly length: number; readonly isLooped: boolean }[]
  readonly items: number
  /** Rounds of the loop of each item; 1 where there is none. */
  readonly inner: number
}

const spaceOf = (segments: Space['segments']): Space => {
  const count = (isLooped: boolean): number =>
    sizeOf(segments.filter((one) => one.isLooped === isLooped).map(({ length }) => length))
  return { segments, items: count(false), inner: count(true) }
}

/** One item for each value. */
export const flatSpace = (size: number): Space => spaceOf([{ length: size, isLooped: false }])

/** The loops that a node takes. */
export function combineSpace(node: CombineNode): Space {
  const items = { length: sizeOf(node.shape), isLooped: false }
  if (node.op === 'scatter')
    return spaceOf([items, { length: node.inputs[1]!.shape[0]!, isLooped: true }])
  if (node.op === 'dot')
    return spaceOf([items, { length: node.inputs[0]!.shape[2]!, isLooped: true }])
  const segments: { length: number; isLooped: boolean }[] = []
  for (const [axis, length] of node.inputs[0]!.shape.entries()) {
    if (length === 1) continue
    const isLooped = node.axes.includes(axis)
    const last = segments.at(-1)
    if (last?.isLooped === isLooped) last.length *= length
    else segments.push({ length, isLooped })
  }
  return spaceOf(segments)
}

/** Whether two kernels' loops can be one. */
export const sameSpace = (a: Space, b: Space): boolean => keyOf(a) === keyOf(b)
const keyOf = ({ segments }: Space): string =>
  segments.map(({ length, isLooped }) => `${length}${isLooped ? 'r' : ''}`).join()

/** The row-major place, in a value of the whole space, of a round of an item. */
export function placeOf({ segments }: Space, item: Index, round: Index): Index {
  const lengths = (isLooped: boolean): number[] =>
    segments.filter((one) => one.isLooped === isLooped).map(({ length }) => length)
  const kept = unflatten(item, lengths(false))
  const looped = unflatten(round, lengths(true))
  const coordinates = segments.map((one) => (one.isLooped ? looped.shift()! : kept.shift()!))
  return flatten(
    coordinates,
    segments.map(({ length }) => length),
  )
}

/** Whether a value has one element for each round of each item, not one for each item. */
export const isWhole = ({ items, inner }: Space, node: Node): boolean =>
  inner > 1 && sizeOf(node.shape) === items * inner
