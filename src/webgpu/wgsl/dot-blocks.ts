// Products of matrices without workgroup memory: each invocation keeps a block of results in variables.
import type { Kernel } from '../fuse/kernel.ts'
import type { Block } from './block.ts'
import { beforeEnd, Output, type Place, range, type Results, rowsTogether } from './dot-output.ts'
import { Index } from './index-math.ts'
import { type Module, type Part, Program } from './program.ts'

/** Invocations of a workgroup. */
export const BLOCKS_WORKGROUP = 16
/** Of the inner dimension, added up in one round: each round costs a move of all variables. */
const ROUND = 4
/** Cost of a load and of a round's start, in multiplications: measured on SwiftShader. */
const LOAD = 10
const START = 100

/**
 * Four neighbours (a quad) share rows, and each has every fourth of the columns: what the four load at once lies side
 * by side. Where quads can pass values on, the left side is loaded once for all four.
 */
export function blocksPart(module: Module, kernel: Kernel, hasQuads: boolean): Part {
  const output = new Output(kernel)
  const [left, right] = output.dot.inputs
  const [batch, m, n] = output.dot.shape as [number, number, number]
  const k = left!.shape[2]!
  const together = rowsTogether(module, kernel)
  const { rows, columns } = blockSize([batch, m, n], hasQuads, together)

  const program = new Program(module, kernel, output.local)
  const { body, values } = program
  const rowBlocks = Math.ceil(m / rows)
  const columnBlocks = Math.ceil(n / (4 * columns))
  const quads = batch * rowBlocks * columnBlocks
  const perGroup = BLOCKS_WORKGROUP / 4
  const workgroups = Math.ceil(quads / perGroup)

  const named = (index: Index, length: number): Index =>
    Index.variable(body.let(body.index(index), 'i'), length, 0)
  body.add('let lane = local & 3;')
  const lane = Index.variable('lane', 4, 0)
  body.add(`let quad = group * ${perGroup} + (local >> 2u);`)
  const surplus = workgroups * perGroup > quads
  const own = body.let(surplus ? `min(quad, ${quads - 1})` : 'quad', 'i')
  const at = Index.variable(own, quads, 0)
  const matrix = named(at.dividedBy(rowBlocks * columnBlocks), batch)
  const rowBlock = named(at.dividedBy(columnBlocks).modulo(rowBlocks), rowBlocks)
  const columnBlock = named(at.modulo(columnBlocks), columnBlocks)
  const ms = range(rows).map((r) => beforeEnd(body, rowBlock.times(rows).plus(r), m))
  const ns = range(columns).map((c) =>
    beforeEnd(
      body,
      columnBlock
        .times(4 * columns)
        .plus(lane)
        .plus(4 * c),
      n,
    ),
  )
  // Vectors of columns: a line for each of the results would take longer to compile than the product.
  const width = columns > 4 ? columns / 2 : columns
  const type = width > 1 ? `vec${width}f` : 'f32'
  const vectors = range(columns / width)
  const part = (vector: string, c: number): string =>
    width > 1 ? `${vector}.${'xyzw'[c % width]}` : vector
  const sums = ms.map(() => vectors.map(() => body.var(type, `${type}()`)))

  /** Adds `count` products, beginning at `first` of the inner dimension, up to four at a time. */
  const add = (block: Block, first: Index, count: number): void => {
    for (let start = 0; start < count; start += 4) {
      const few = Math.min(4, count - start)
      const own = beforeEnd(block, first.plus(start).plus(lane), k).index
      const mine =
        hasQuads && few > 1
          ? ms.map(({ index }) => values.at(left!, [matrix, index, own], block))
          : undefined
      for (let i = 0; i < few; i++) {
        const inner = first.plus(start + i)
        const texts = ns.map(({ index }) => values.at(right!, [matrix, inner, index], block))
        const factors = vectors.map((v) =>
          width > 1
            ? block.let(`${type}(${texts.slice(v * width, (v + 1) * width).join(', ')})`)
            : texts[v]!,
        )
        for (const [r, row] of ms.entries()) {
          const factor = mine
            ? block.let(`quadBroadcast(${mine[r]}, ${i}u)`)
            : values.at(left!, [matrix, row.index, inner], block)
          for (const [v, sum] of sums[r]!.entries())
            block.add(`${sum} += ${factor} * ${factors[v]};`)
        }
      }
    }
  }
  const rounds = Math.floor(k / ROUND)
  if (rounds > 0) body.loop(rounds, (inner, round) => add(inner, round.times(ROUND), ROUND))
  add(body, Index.constant(rounds * ROUND), k % ROUND)

  /** The `r`-th row of the block or, where two are stored together, the `r`-th two. */
  const store = (block: Block, r: Index, sum: (row: number, vector: number) => string): void => {
    const row = beforeEnd(block, rowBlock.times(rows / together).plus(r), m / together)
    const own = range(together).map((i) => row.index.times(together).plus(i))
    const results = ns.map((column, c): Results => {
      const conditions = [surplus ? `quad < ${quads}` : undefined, row.condition, column.condition]
      return {
        places: own.map((at): Place => [matrix, at, column.index]),
        texts: own.map((_, i) => part(sum(i, Math.floor(c / width)), c)),
        condition: conditions.filter((one) => one !== undefined).join(' && ') || undefined,
      }
    })
    output.store(program, block, results)
  }
  if (rows === together) store(body, Index.constant(0), (i, v) => sums[i]![v]!)
  else {
    const { length } = vectors
    body.add(`var sums = array<${type}, ${rows * length}>(${sums.flat().join(', ')});`)
    body.loop(rows / together, (block, r) => {
      const first = r.times(together * length)
      store(block, r, (i, v) => block.let(`sums[${block.index(first.plus(i * length + v))}]`))
    })
  }
  if (hasQuads) module.enables.add('subgroups')
  return { body, workgroupSize: BLOCKS_WORKGROUP, workgroups }
}

/** The block of least cost for all: few loads for each product, little beyond the edges, work for all cores. */
function blockSize(
  [batch, m, n]: readonly [batch: number, m: number, n: number],
  hasQuads: boolean,
  together: number,
): { rows: number; columns: number } {
  let best = { rows: together, columns: 1, cost: Infinity }
  for (const rows of hasQuads ? [16, 12, 8, 6, 4, 3, 2, 1] : [8, 6, 4, 3, 2, 1])
    for (const columns of [8, 6, 4, 3, 2, 1]) {
      if (rows * columns > 64 || rows % together !== 0) continue
      const blocks = batch * Math.ceil(m / rows) * Math.ceil(n / (4 * columns))
      const loads = (hasQuads ? rows : 4 * rows) + 4 * columns
      const cost = Math.max(blocks, 16) * (LOAD * loads + 4 * rows * columns + START)
      if (cost < best.cost) best = { rows, columns, cost }
    }
  return best
}
