// Kernels along rows of values that nobody stores: scores of attention, from queries and keys as they are needed.
import type { DeviceTraits, Kernel } from '../fuse/kernel.ts'
import {
  columnsOf,
  longSide,
  placesOf,
  rowKernel,
  type RowResult,
  rowsAtOnce,
  type RowSpace,
} from '../fuse/rows.ts'
import type { DotNode, Node } from '../graph/node.ts'
import type { Block } from './block.ts'
import { variantFor } from './dot.ts'
import { beforeEnd, type Bounded, range } from './dot-output.ts'
import { expressionTypes, neutralValues } from './functions.ts'
import { flatten, Index } from './index-math.ts'
import { type Module, type Part, Program } from './program.ts'

interface Row extends Bounded {
  /** Among the rows of all matrices. */
  readonly item: Index
}

/**
 * Each invocation has some rows: their factors and their results stay in variables, what is read along the rows serves
 * all of them. Four neighbours have rows of one matrix; where quads pass values on, each of the four loads a quarter.
 */
export function rowsPart(
  module: Module,
  kernel: Kernel,
  traits: DeviceTraits,
  workgroupSize: number,
): Part {
  return new RowsGenerator(module, kernel, variantFor(traits) === 'quads').part(workgroupSize)
}

class RowsGenerator {
  readonly #module: Module
  readonly #kernel: Kernel
  readonly #program: Program
  readonly #results: readonly RowResult[]
  readonly #space: RowSpace
  readonly #hasQuads: boolean
  /** Names of variables that neighbours have different values of. */
  readonly #own = new Set<string>(['local'])
  #rows: readonly Row[] = []
  /** What was combined, by node and place. */
  readonly #combined = new Map<string, string>()

  constructor(module: Module, kernel: Kernel, hasQuads: boolean) {
    const stored = new Set(kernel.reads)
    const { results, space } = rowKernel(kernel.writes, (node) => stored.has(node))!
    this.#module = module
    this.#kernel = kernel
    this.#results = results
    this.#space = space
    this.#hasQuads = hasQuads
    this.#program = new Program(module, kernel, (node, places, block) =>
      node.op === 'dot' && !this.#isResult(node) && !stored.has(node)
        ? this.#product(node, places, block)
        : this.#combined.get(keyOf(node, places)),
    )
    if (hasQuads) module.enables.add('subgroups')
  }

  #isResult(node: Node): boolean {
    return this.#results.some((it) => it === node)
  }

  part(workgroupSize: number): Part {
    const { body } = this.#program
    const { items, rows } = this.#space
    const each = rowsAtOnce(this.#results)
    const matrices = items / rows
    const blocks = Math.ceil(rows / (4 * each))
    const quads = matrices * blocks
    const perGroup = workgroupSize / 4
    const workgroups = Math.ceil(quads / perGroup)
    const named = (index: Index, length: number): Index =>
      Index.variable(body.let(body.index(index), 'i'), length, 0)
    body.add('let lane = local & 3;')
    body.add(`let quad = group * ${perGroup} + (local >> 2u);`)
    const surplus = workgroups * perGroup > quads ? `quad < ${quads}` : undefined
    const at = Index.variable(surplus ? body.let(`min(quad, ${quads - 1})`, 'i') : 'quad', quads, 0)
    const matrix = named(at.dividedBy(blocks), matrices)
    const block = named(at.modulo(blocks), blocks)
    this.#rows = range(each).map((r) => {
      const row = block
        .times(each)
        .plus(r)
        .times(4)
        .plus(Index.variable('lane', 4, 0))
      const { index, condition } = beforeEnd(body, row, rows)
      const own = Index.variable(body.let(body.index(index), 'r'), rows, 0)
      this.#own.add(body.index(own))
      const conditions = [surplus, condition].filter((it) => it !== undefined)
      return {
        index: own,
        item: matrix.times(rows).plus(own),
        condition: conditions.join(' && ') || undefined,
      }
    })
    for (const phase of this.#phases()) this.#along(phase)
    this.#store()
    return { body, workgroupSize, workgroups }
  }

  /** Results that one walk along the rows can add up: none needs another. */
  #phases(): RowResult[][] {
    const phases: RowResult[][] = []
    const level = new Map<Node, number>(this.#kernel.reads.map((node) => [node, 0]))
    const visit = (node: Node): number => {
      let own = level.get(node)
      if (own === undefined) {
        own = Math.max(0, ...node.inputs.map(visit))
        if (this.#isResult(node)) {
          if (peakOf(node) && this.#isResult(peakOf(node)!)) own--
          ;(phases[own++] ??= []).push(node as RowResult)
        }
        level.set(node, own)
      }
      return own
    }
    for (const node of this.#results) visit(node)
    return phases
  }

  #along(nodes: readonly RowResult[]): void {
    const { body } = this.#program
    const { functions } = this.#module
    const sums = nodes.map((node) => {
      const initial = functions.literal(neutralValues[fnOf(node)], node.dtype)
      const names = () =>
        range(columnsOf(node)).map(() => body.var(expressionTypes[node.dtype], initial))
      return this.#rows.map(names)
    })
    body.loop(this.#space.inner, (inner, at) => {
      const lines: string[] = []
      for (const [n, node] of nodes.entries())
        for (const [r, row] of this.#rows.entries())
          for (const [c, value] of this.#contributions(node, row, at, inner).entries()) {
            const sum = sums[n]![r]![c]!
            const peak = nodes.indexOf(peakOf(node) as RowResult)
            lines.push(
              ...(peak >= 0
                ? scaledSum(inner, sum, value, sums[peak]![r]![0]!)
                : node.op === 'dot'
                  ? [`${sum} += ${value};`]
                  : [`${sum} = ${functions.combine(node.fn, sum, value, node.dtype)};`]),
            )
          }
      // Sums that follow a maximum need the one before.
      for (const line of lines.toReversed()) inner.add(line)
    })
    for (const [n, node] of nodes.entries())
      for (const [r, row] of this.#rows.entries())
        for (const [c, name] of sums[n]![r]!.entries())
          this.#combined.set(keyOf(node, this.#placeOf(node, row, c)), name)
  }

  /** What one place of a row adds to each column of a result. */
  #contributions(node: RowResult, { item }: Row, at: Index, block: Block): string[] {
    const { values } = this.#program
    const side = node.op === 'dot' ? longSide(node) : 0
    const peak = peakOf(node)
    const { long } = placesOf(node, item, at, Index.constant(0))
    const value = values.at(
      peak && this.#isResult(peak) ? peak.inputs[0]! : node.inputs[side]!,
      long,
      block,
    )
    if (node.op === 'reduce') return [value]
    const factors = this.#vector(
      node.inputs[1 - side]!,
      (c) => placesOf(node, item, at, c).other!,
      columnsOf(node),
      block,
    )
    return factors.map((factor) => `${value} * ${factor}`)
  }

  /** A short product at one place. */
  #product(node: DotNode, [matrix, row, column]: readonly Index[], block: Block): string {
    const [left, right] = node.inputs as [Node, Node]
    const terms = left.shape[2]!
    const lefts = this.#vector(left, (c) => [matrix!, row!, c], terms, block)
    const rights = this.#vector(right, (c) => [matrix!, c, column!], terms, block)
    const sum = block.var('f32', '0.0', 's')
    for (const [c, factor] of lefts.entries()) block.add(`${sum} += ${factor} * ${rights[c]};`)
    return sum
  }

  /** Values at neighbouring places, known to all four neighbours where it is the same for them. */
  #vector(node: Node, at: (c: Index) => readonly Index[], length: number, block: Block): string[] {
    const { values } = this.#program
    const probe = Index.constant(0)
    const isOwn = at(probe).some((index) => dependsOn(index, this.#own))
    if (!this.#hasQuads || isOwn || length < 4)
      return range(length).map((c) => values.at(node, at(Index.constant(c)), block))
    const texts: string[] = []
    for (let start = 0; start < length; start += 4) {
      const lane = Index.variable('lane', 4, 0).plus(start)
      const { index } = beforeEnd(this.#program.body, lane, length)
      const mine = values.at(node, at(index), block)
      const home = block.at(Math.max(...at(index).map(({ depth }) => depth)))
      for (let i = 0; i < Math.min(4, length - start); i++)
        texts.push(home.let(`quadBroadcast(${mine}, ${i}u)`))
    }
    return texts
  }

  #placeOf(node: RowResult, { item }: Row, c: number): readonly Index[] {
    return placesOf(node, item, Index.constant(0), Index.constant(c)).result
  }

  #store(): void {
    const { body, values } = this.#program
    for (const row of this.#rows) {
      const stores = this.#kernel.writes.flatMap((node) =>
        range(columnsOf(node as RowResult)).flatMap((c) => {
          const places = this.#placeOf(node as RowResult, row, c)
          const value = values.at(node, places, body)
          return values.store(node, [flatten(places, node.shape)], [value], body)
        }),
      )
      if (row.condition === undefined) for (const store of stores) body.add(store)
      else
        body.block(`if (${row.condition})`, (inner) => stores.forEach((store) => inner.add(store)))
    }
  }
}

/** The maximum m that a sum of exp(x - m) over all x depends on. */
function peakOf(node: Node): Node | undefined {
  if (node.op !== 'reduce' || node.fn !== 'sum') return undefined
  const [power] = node.inputs as [Node]
  const [lower] = power.inputs
  if (power.op !== 'map' || power.fn !== 'exp' || lower?.op !== 'map' || lower.fn !== 'sub')
    return undefined
  const [x, spread] = lower.inputs as [Node, Node]
  let peak = spread
  while (peak.op === 'view' || peak.op === 'reshape') peak = peak.inputs[0]!
  return peak.op === 'reduce' && peak.fn === 'max' && peak.inputs[0] === x ? peak : undefined
}

/**
 * Adds exp(value - m) while the maximum m is still growing. A maximum of -Infinity counts as the lowest number:
 * what is as low adds nothing.
 */
function scaledSum(block: Block, sum: string, value: string, peak: string): string[] {
  const above = block.let(`${value} - max(${peak}, -3.4028234e38f)`)
  const share = block.let(`exp(-abs(${above}))`)
  return [`${sum} = select(${sum} + ${share}, ${sum} * ${share} + 1f, ${above} > 0f);`]
}

const fnOf = (node: RowResult) => (node.op === 'reduce' ? node.fn : 'sum')

const keyOf = (node: Node, places: readonly Index[]): string =>
  `${node.id}:${flatten(places, node.shape).key}`

const dependsOn = ({ terms }: Index, names: ReadonlySet<string>): boolean =>
  terms.some(([atom]) =>
    atom.kind === 'variable' ? names.has(atom.name) : dependsOn(atom.of, names),
  )
