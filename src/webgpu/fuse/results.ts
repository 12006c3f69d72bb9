// Where what is made of a product's results has its values: under the shape of each, reordered or not.
import type { DotNode, Node, Shape, ViewNode } from '../graph/node.ts'
import { flatten, Index, unflatten } from '../wgsl/index-math.ts'

/** From `node` down to the product that it is made of; `undefined` where it needs none. */
export function pathToDot(
  node: Node,
  isStored: (node: Node) => boolean,
): readonly Node[] | undefined {
  const without = new Set<Node>()
  const search = (at: Node): readonly Node[] | undefined => {
    // Another product that is read, such as what this one is added to, is not the one computed here.
    if (isStored(at) || without.has(at)) return undefined
    if (at.op === 'dot') return [at]
    for (const input of at.inputs) {
      const rest = search(input)
      if (rest) return [at, ...rest]
    }
    without.add(at)
    return undefined
  }
  return search(node)
}

/**
 * Coordinates in `node` of what is computed of the result at `place` of `dot`: along the path between them or, with
 * none, at the same row-major place. `node` has as many values as `dot`.
 */
export function resultAt(
  node: Node,
  path: readonly Node[] | undefined,
  dot: DotNode,
  place: readonly Index[],
): readonly Index[] {
  return (path && through(path, place)) ?? unflatten(flatten(place, dot.shape), node.shape)
}

/** Coordinates of the first node of a path, given those of the last; `undefined` where a view is in the way. */
function through(path: readonly Node[], place: readonly Index[]): readonly Index[] | undefined {
  let coordinates: readonly Index[] | undefined = place
  let { shape } = path.at(-1)!
  for (const node of path.slice(0, -1).toReversed()) {
    coordinates = coordinates && upward(node, coordinates, shape)
    shape = node.shape
  }
  return coordinates
}

function upward(node: Node, below: readonly Index[], shape: Shape): readonly Index[] | undefined {
  if (node.op === 'map') return below
  if (node.op === 'reshape') return unflatten(flatten(below, shape), node.shape)
  return node.op === 'view' ? reordered(node, below) : undefined
}

/** Coordinates of a transposed value. */
function reordered(view: ViewNode, below: readonly Index[]): Index[] | undefined {
  const coordinates: Index[] = []
  for (const [axis, length] of view.shape.entries()) {
    const from = view.axes.findIndex(
      ({ terms: [term, ...more], offset, divisor }) =>
        term?.[0] === axis && term[1] === 1 && more.length === 0 && offset === 0 && divisor === 1,
    )
    if (length !== 1 && view.inputs[0]!.shape[from] !== length) return undefined
    coordinates.push(length === 1 ? Index.constant(0) : below[from]!)
  }
  return coordinates
}
