// Products of matrices by way of workgroup memory: a workgroup loads a tile of each side, which all of it read.
import type { Kernel } from '../fuse/kernel.ts'
import type { Node } from '../graph/node.ts'
import type { Block } from './block.ts'
import { beforeEnd, Output, type Place, range, type Results, rowsTogether } from './dot-output.ts'
import { type Atom, flatten, Index, unflatten } from './index-math.ts'
import { type Module, type Part, Program } from './program.ts'
import { viewed } from './values.ts'

/** Of the inner dimension, in memory at once. */
const DEPTH = 16
/** Each invocation has 4 × 4 results. */
const OWN = 4

/** side × side invocations, and how many such squares share the inner dimension. */
interface Tiling {
  readonly side: number
  readonly slices: number
}

/** From the one that reads least to the one that keeps most of a device busy. */
const tilings: readonly Tiling[] = [
  { side: 16, slices: 1 },
  { side: 8, slices: 1 },
  { side: 8, slices: 4 },
  { side: 4, slices: 4 },
  { side: 4, slices: 8 },
]
/** Invocations of a workgroup that runs beside others, and its tilings: they leave half of the memory to them. */
export const TILES_WORKGROUP = 64
const joined = tilings.filter(({ side, slices }) => side * side * slices === TILES_WORKGROUP)
/** Workgroups that keep a device busy. */
const ENOUGH = 96

/** `isJoined` says that other kernels run beside it, in workgroups of one size. */
export function tilesPart(module: Module, kernel: Kernel, isJoined: boolean): Part {
  const output = new Output(kernel)
  const [left, right] = output.dot.inputs as readonly [Node, Node]
  const [batch, m, n] = output.dot.shape as [number, number, number]
  const k = left.shape[2]!
  const { side, slices } = chooseTiling([batch, m, n, k], isJoined)
  const size = side * OWN
  const together = rowsTogether(module, kernel)
  const square = side * side
  const workgroupSize = square * slices

  const program = new Program(module, kernel, output.local)
  const { body, values } = program
  const half = DEPTH * size
  const words = Math.max(2 * half * slices, slices > 1 ? (slices / 2) * size * size : 0)
  const tile = module.workgroupMemory('f32', words)

  const rowBlocks = Math.ceil(m / size)
  const columnBlocks = Math.ceil(n / size)
  const workgroups = batch * rowBlocks * columnBlocks
  const named = (index: Index, length: number): Index =>
    Index.variable(body.let(body.index(index), 'i'), length, 0)
  const at = Index.variable('group', workgroups, 0)
  const matrix = named(at.dividedBy(rowBlocks * columnBlocks), batch)
  const rowBlock = named(at.dividedBy(columnBlocks).modulo(rowBlocks), rowBlocks)
  const columnBlock = named(at.modulo(columnBlocks), columnBlocks)
  const invocation = Index.variable('local', workgroupSize, 0)
  const slice = named(invocation.dividedBy(square), slices)
  const inSlice = named(invocation.modulo(square), square)
  const x = named(inSlice.modulo(side), side)
  const y = named(inSlice.dividedBy(side), side)
  const sums = range(OWN).map(() => range(OWN).map(() => body.var('f32', '0.0')))
  const memory = slice.times(2 * half)

  const isLeftByRows = fastAxis(left, kernel) === 1
  const isRightByRows = fastAxis(right, kernel) === 1
  /** Loads a tile [DEPTH, size] of one side; `isDeep` says that neighbours in memory lie along the inner dimension. */
  const load = (block: Block, start: Index, side: 'left' | 'right', isDeep: boolean): void => {
    const [node, length, blockOf] =
      side === 'left' ? ([left, m, rowBlock] as const) : ([right, n, columnBlock] as const)
    for (let first = 0; first < half; first += square) {
      const word = inSlice.plus(first)
      const inner = isDeep ? word.modulo(DEPTH) : word.dividedBy(size)
      const outer = isDeep ? word.dividedBy(DEPTH) : word.modulo(size)
      const place = beforeEnd(body, blockOf.times(size).plus(outer), length)
      const deep = beforeEnd(block, start.plus(inner), k)
      const coordinates =
        side === 'left' ? [matrix, place.index, deep.index] : [matrix, deep.index, place.index]
      const value = values.at(node, coordinates, block)
      const kept = deep.condition ? `select(0.0, ${value}, ${deep.condition})` : value
      const to = memory
        .plus(side === 'left' ? 0 : half)
        .plus(inner.times(size))
        .plus(outer)
      block.add(`${tile}[${block.index(to)}] = ${kept};`)
    }
  }
  const rounds = Math.ceil(k / (DEPTH * slices))
  body.loop(rounds, (inner, round) => {
    const start = round.times(slices).plus(slice).times(DEPTH)
    load(inner, start, 'left', !isLeftByRows)
    load(inner, start, 'right', isRightByRows)
    inner.add('workgroupBarrier();')
    inner.loop(DEPTH, (deep, depth) => {
      const from = memory.plus(depth.times(size))
      const factors = range(OWN).map((c) =>
        deep.let(`${tile}[${deep.index(from.plus(half + c * side).plus(x))}]`),
      )
      for (const [r, row] of sums.entries()) {
        const [first, at] = [Math.floor(r / together) * together, r % together]
        const own = y.times(together).plus(first * side + at)
        const factor = deep.let(`${tile}[${deep.index(from.plus(own))}]`)
        for (const [c, sum] of row.entries()) deep.add(`${sum} += ${factor} * ${factors[c]};`)
      }
    })
    inner.add('workgroupBarrier();')
  })
  addSlices(body, tile, sums, slices, square, { slice, inSlice })

  const results: Results[] = []
  const rows = range(OWN / together).map((r) =>
    beforeEnd(
      body,
      rowBlock
        .times(size / together)
        .plus(y)
        .plus(r * side),
      m / together,
    ),
  )
  const columns = range(OWN).map((c) =>
    beforeEnd(
      body,
      columnBlock
        .times(size)
        .plus(x)
        .plus(c * side),
      n,
    ),
  )
  const always = slices > 1 ? [`${body.index(slice)} == 0`] : []
  for (const [r, row] of rows.entries())
    for (const [c, column] of columns.entries()) {
      const conditions = [...always, row.condition, column.condition]
      const own = range(together).map((i) => row.index.times(together).plus(i))
      results.push({
        places: own.map((at): Place => [matrix, at, column.index]),
        texts: own.map((_, i) => sums[r * together + i]![c]!),
        condition:
          conditions.filter((condition) => condition !== undefined).join(' && ') || undefined,
      })
    }
  output.store(program, body, results)
  return { body, workgroupSize, workgroups }
}

/** Adds all slices up in the first: half of those left hand their sums over to the other half. */
function addSlices(
  body: Block,
  tile: string,
  sums: readonly (readonly string[])[],
  slices: number,
  square: number,
  { slice, inSlice }: { slice: Index; inSlice: Index },
): void {
  const own = sums.flat()
  const words = own.length * square
  const memory = slice.times(words).plus(inSlice)
  for (let half = slices / 2; half >= 1; half /= 2) {
    const at = body.index(slice)
    body.block(`if (${at} >= ${half} && ${at} < ${2 * half})`, (inner) => {
      for (const [e, sum] of own.entries())
        inner.add(`${tile}[${inner.index(memory.plus(e * square - half * words))}] = ${sum};`)
    })
    body.add('workgroupBarrier();')
    body.block(`if (${at} < ${half})`, (inner) => {
      for (const [e, sum] of own.entries())
        inner.add(`${sum} += ${tile}[${inner.index(memory.plus(e * square))}];`)
    })
    body.add('workgroupBarrier();')
  }
}

/** [batch, m, n, k] of a product. */
type Size = readonly [batch: number, m: number, n: number, k: number]

/** The first tiling that gives a device enough workgroups, or the one that gives most. */
function chooseTiling([batch, m, n, k]: Size, isJoined: boolean): Tiling {
  const able = (isJoined ? joined : tilings).filter(({ slices }) => k >= slices * DEPTH)
  const groups = ({ side }: Tiling): number =>
    batch * Math.ceil(m / (side * OWN)) * Math.ceil(n / (side * OWN))
  return able.find((tiling) => groups(tiling) >= ENOUGH) ?? able.at(-1) ?? tilings[1]!
}

/** The axis of an operand along which neighbours lie side by side in memory. */
function fastAxis(node: Node, kernel: Kernel): number {
  const place = placeOf(
    node,
    node.shape.map((length, axis) => Index.variable(String(axis), length, 0)),
    new Set(kernel.reads),
  )
  const [atom] = place?.terms.find(([, factor]) => Math.abs(factor) === 1) ?? []
  return atom === undefined ? 2 : Number(variableOf(atom))
}

function variableOf(atom: Atom): string {
  return atom.kind === 'variable' ? atom.name : variableOf(atom.of.terms.at(-1)![0])
}

/** Where the largest stored value that an operand is made of is read. */
function placeOf(
  node: Node,
  coordinates: readonly Index[],
  reads: ReadonlySet<Node>,
): Index | undefined {
  if (reads.has(node)) return flatten(coordinates, node.shape)
  if (node.op === 'reshape') {
    const [input] = node.inputs as [Node]
    return placeOf(input, unflatten(flatten(coordinates, node.shape), input.shape), reads)
  }
  if (node.op === 'view') return placeOf(node.inputs[0]!, viewed(node, coordinates).places, reads)
  if (node.op !== 'map') return undefined
  const places = node.inputs.map((input) => placeOf(input, coordinates, reads))
  return places.toSorted((a, b) => (b?.max ?? -1) - (a?.max ?? -1))[0]
}
