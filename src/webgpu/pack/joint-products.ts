// Products of one value with several parameters, such as queries, keys and values: one product of matrices that lie side
// by side, and one for the gradient of that value.
import type { Graph } from '../graph/graph.ts'
import {
  type DotNode,
  type MapNode,
  type Node,
  sameShape,
  type Shape,
  sizeOf,
} from '../graph/node.ts'
import { reachable } from '../graph/reachable.ts'
import { along } from '../graph/view-axes.ts'
import { unshaped } from './expression.ts'
import { type Replacement, rewrite } from './rewrite.ts'
import { ALIGNED, type Pack, type Seats } from './seats.ts'
import { Together } from './together.ts'

/** Products [1, m, n] of a value [1, m, k] with matrices [1, k, n], which as one are [count, k, n]. */
interface Fan {
  readonly value: Node
  readonly products: readonly DotNode[]
  readonly matrices: Node
}

export interface Joint {
  readonly outputs: readonly Node[]
  /** Values that have to lie side by side for it. */
  readonly computed: readonly Pack[]
}

/** `seats` are the places of parameters. What is made one has at most so many numbers. */
export function joinProducts(
  graph: Graph,
  outputs: readonly Node[],
  seats: Seats,
  mostNumbers: number,
): Joint {
  const joining = new Joining(graph, outputs, new Together(graph, seats), mostNumbers)
  const rewritten = rewrite(graph, outputs, joining.replaced)
  return { outputs: outputs.map(rewritten), computed: joining.computed }
}

class Joining {
  readonly replaced = new Map<Node, Replacement>()
  readonly computed: Pack[] = []
  readonly #graph: Graph
  readonly #together: Together
  /** Of outputs: none. */
  readonly #onlyUser = new Map<Node, Node | undefined>()
  /** By their right operand. */
  readonly #dotsWith = new Map<Node, DotNode[]>()
  /** What is kept, and what lies beside others. */
  readonly #placed: Set<Node>

  constructor(graph: Graph, outputs: readonly Node[], together: Together, mostNumbers: number) {
    this.#graph = graph
    this.#together = together
    const nodes = reachable(outputs)
    for (const node of nodes)
      for (const input of new Set(node.inputs))
        this.#onlyUser.set(input, this.#onlyUser.has(input) ? undefined : node)
    for (const output of outputs) this.#onlyUser.set(output, undefined)
    this.#placed = new Set(outputs.map((output) => unshaped(output)))
    for (const dot of nodes)
      if (dot.op === 'dot') {
        const [, right] = dot.inputs as [Node, Node]
        const known = this.#dotsWith.get(right)
        if (known) known.push(dot)
        else this.#dotsWith.set(right, [dot])
      }
    for (const fan of this.#fans()) {
      const { products } = fan
      if (products.length * sizeOf(products[0]!.shape) > mostNumbers) continue
      this.#joinResults(fan)
      this.#joinGradients(fan)
    }
  }

  #fans(): Fan[] {
    const groups = new Map<string, DotNode[]>()
    for (const [matrix, dots] of this.#dotsWith) {
      const seat = this.#together.seatOf(matrix)
      if (!seat || matrix.shape[0] !== 1) continue
      for (const dot of dots) {
        const key = `${dot.inputs[0]!.id} ${seat.pack.id} ${matrix.shape.join()}`
        const known = groups.get(key)
        if (known) known.push(dot)
        else groups.set(key, [dot])
      }
    }
    return [...groups.values()].flatMap((dots) => this.#fan(dots) ?? [])
  }

  #fan(dots: readonly DotNode[]): Fan | undefined {
    const matrixOf = ({ inputs }: DotNode): Node => inputs[1]!
    const offsetOf = (dot: DotNode): number => this.#together.seatOf(matrixOf(dot))!.offset
    const products = dots.toSorted((a, b) => offsetOf(a) - offsetOf(b))
    const joined = products.length > 1 && this.#together.join(products.map(matrixOf))
    if (!joined) return undefined
    const [value, matrix] = products[0]!.inputs as [Node, Node]
    const shape = [products.length, ...matrix.shape.slice(1)]
    return { value, products, matrices: this.#graph.reshape(joined, shape) }
  }

  #joinResults({ value, products, matrices }: Fan): void {
    const graph = this.#graph
    const count = products.length
    let results: readonly Node[] = products
    const steps: ((joint: Node) => Node)[] = []
    for (let step = this.#step(results); step; step = this.#step(results)) {
      results = step.results
      steps.push(step.apply)
    }
    // What is done with one alone is done where its product is stored, which takes no launch.
    if (results.some((result) => this.#isInput(result))) return
    const join = (now: Node): Node => {
      const spread = graph.broadcast(now, [count, ...value.shape.slice(1)])
      const product = graph.reshape(graph.dot(spread, matrices), [count, ...products[0]!.shape])
      return steps.reduce((joint, apply) => apply(joint), product)
    }
    for (const [i, result] of results.entries())
      this.replaced.set(result, {
        inputs: [value],
        make: ([now]) => partOf(graph, join(now!), i),
      })
  }

  /** Whether an element-wise function is all that uses it. */
  #isInput(result: Node): boolean {
    let user = this.#onlyUser.get(result)
    while (user?.op === 'reshape') user = this.#onlyUser.get(user)
    return user?.op === 'map'
  }

  /** What is done next with each of `results`, and with nothing else, as far as it can be done with all at once. */
  #step(
    results: readonly Node[],
  ): { results: readonly Node[]; apply: (joint: Node) => Node } | undefined {
    const graph = this.#graph
    const users = results.map((result) => this.#onlyUser.get(result))
    const [first] = users
    const isAlike = first && users.every((user) => user && isSameOperation(user, first))
    if (isAlike && first.op === 'reshape') {
      const shape = [results.length, ...first.shape]
      return { results: users as Node[], apply: (joint) => graph.reshape(joint, shape) }
    }
    if (isAlike && first.op === 'map' && first.inputs.length === 1)
      return { results: users as Node[], apply: (joint) => graph.again(first, [joint]) }
    if (isAlike && first.op === 'map' && first.inputs.length === 2) {
      const at = first.inputs.indexOf(results[0]!)
      const others = users.map((user) => user!.inputs[1 - at]!)
      const joined = users.every((user, i) => user!.inputs[at] === results[i])
        ? this.#together.join(others)
        : undefined
      if (joined)
        return {
          results: users as Node[],
          apply: (joint) => graph.again(first, at === 0 ? [joint, joined] : [joined, joint]),
        }
    }
    return this.#scaling(results, users)
  }

  /** Factors of some results, such as that of queries: the others are multiplied by 1. */
  #scaling(results: readonly Node[], users: readonly (Node | undefined)[]) {
    const graph = this.#graph
    const factors = users.map((user) => factorOf(user))
    if (factors.every((factor) => factor === undefined)) return undefined
    const apply = (joint: Node): Node => {
      const { shape } = joint
      const number = graph.index(shape, 0)
      let scale = graph.constant(1, shape)
      for (const [i, factor] of factors.entries())
        if (factor !== undefined) {
          const isOwn = graph.map('equal', number, graph.constant(i, shape, 'int32'))
          scale = graph.map('select', isOwn, graph.constant(factor, shape), scale)
        }
      return graph.map('mul', joint, scale)
    }
    return {
      results: results.map((result, i) => (factors[i] === undefined ? result : users[i]!)),
      apply,
    }
  }

  /** Of the value, Σ gᵢ wᵢᵀ: one product of the gradients side by side with the matrices one below the other. */
  #joinGradients({ value, products, matrices }: Fan): void {
    const graph = this.#graph
    const count = products.length
    const [, rows, columns] = products[0]!.shape as [number, number, number]
    const inner = value.shape[2]!
    const parts = products.map(({ inputs: [, matrix] }) =>
      this.#dotsWith.get(graph.transpose(matrix!, [0, 2, 1])),
    )
    const sum = parts.every((part) => part?.length === 1)
      ? this.#sumOf(parts.map((part) => part![0]!))
      : undefined
    if (!sum) return
    const gradients = parts.map((part) => part![0]!.inputs[0]!)
    if ((rows * columns) % ALIGNED !== 0 || !this.#canPlace(gradients)) return

    this.replaced.set(sum.node, {
      inputs: [...gradients, ...sum.rest],
      make: (now) => {
        const own = now.slice(0, count)
        const node = graph.concat(own, 0)
        const members = own.map((each, i) => ({ node: each, offset: i * rows * columns }))
        this.computed.push({ node, members })
        const left = graph.reshape(graph.transpose(node, [1, 0, 2]), [1, rows, count * columns])
        const turned = graph.transpose(matrices, [0, 2, 1])
        const right = graph.reshape(turned, [1, count * columns, inner])
        return [graph.dot(left, right), ...now.slice(count)]
          .map((term) => graph.reshape(term, sum.node.shape))
          .reduce((all, term) => graph.map('add', all, term))
      },
    })
  }

  /** Whether all can lie side by side; from then on they do. */
  #canPlace(gradients: readonly Node[]): boolean {
    const own = gradients.map((node) => unshaped(node))
    const isFixed = ({ op }: Node): boolean => op === 'input' || op === 'constant'
    if (own.some((node) => isFixed(node) || this.#placed.has(node))) return false
    if (new Set(own).size < own.length) return false
    for (const node of own) this.#placed.add(node)
    return true
  }

  /** Where all of `parts` are added up, and what else is; each part is used for nothing else. */
  #sumOf(parts: readonly Node[]): { node: Node; rest: Node[] } | undefined {
    for (let node = this.#onlyUser.get(parts[0]!); node; node = this.#onlyUser.get(node)) {
      if (node.op !== 'reshape' && !(node.op === 'map' && node.fn === 'add')) return undefined
      const terms = node.inputs.flatMap((input) => this.#terms(input))
      if (parts.every((part) => terms.filter((term) => term === part).length === 1))
        return { node, rest: terms.filter((term) => !parts.includes(term)) }
    }
    return undefined
  }

  #terms(node: Node): Node[] {
    const isSum = node.op === 'reshape' || (node.op === 'map' && node.fn === 'add')
    if (!isSum || this.#onlyUser.get(node) === undefined) return [node]
    return node.inputs.flatMap((input) => this.#terms(input))
  }
}

/** The `i`-th of values that are one. */
function partOf(graph: Graph, joint: Node, i: number): Node {
  const shape: Shape = joint.shape.slice(1)
  const axes = joint.shape.map((_, axis) => (axis === 0 ? along(0, 1, i) : along(axis)))
  return graph.reshape(graph.view(joint, [1, ...shape], axes), shape)
}

const isSameOperation = (a: Node, b: Node): boolean =>
  a.op === b.op &&
  a.dtype === b.dtype &&
  sameShape(a.shape, b.shape) &&
  (a as MapNode).fn === (b as MapNode).fn

/** The number that a value is multiplied by. */
function factorOf(user: Node | undefined): number | undefined {
  if (user?.op !== 'map' || user.fn !== 'mul') return undefined
  const constant = user.inputs.find(({ op }) => op === 'constant')
  return constant?.op === 'constant' ? constant.value : undefined
}
