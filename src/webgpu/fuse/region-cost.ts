// What it takes to compute long values wherever they are needed, next to storing them, in simple operations.
import { type Node, sizeOf } from '../graph/node.ts'
import { accessOf } from './access.ts'
import { costOf } from './cost.ts'
import type { DeviceTraits } from './kernel.ts'
import type { Region } from './regions.ts'
import { columnsOf, type RowResult, rowsAtOnce, rowSpace } from './rows.ts'
import type { Uses } from './uses.ts'

/** Of each term of a product: stored ones share loads by blocks, those along rows by the rows of an invocation. */
const TERM = 3
const ROW_TERM = 1
const ROW_LOAD = 3.5

/**
 * Of a word that is written or read; measured on SwiftShader. Graphics processors do some 20 useful operations in the
 * time in which their memory moves a word.
 */
const WORD = 20

/** Of a value that caches keep between the kernel that writes it and those that read it. */
const CACHED_BYTES = 2 << 20

/** Rows that keep a device busy, each of which is walked along by one invocation. */
const FEWEST_ROWS = { software: 256, hardware: 8192 }

/** Rows that pay for what an invocation loads before it walks along them, as measured on SwiftShader. */
const SHORTEST_ROW = 256

/** Whether there can be a reason not to store a product: with others a region need not be looked at. */
export function mayBeTooLong({ shape }: Node, { maxBindingBytes }: DeviceTraits): boolean {
  const bytes = sizeOf(shape) * 4
  return bytes > maxBindingBytes || (bytes > CACHED_BYTES && shape.at(-1)! >= SHORTEST_ROW)
}

/** Whether a region is faster not stored, or too large to be. */
export function isWorthwhile({ values, results }: Region, traits: DeviceTraits): boolean {
  const dots = [...values].filter(({ op }) => op === 'dot')
  if (!dots.some((dot) => mayBeTooLong(dot, traits))) return false
  if (dots.some(({ shape }) => sizeOf(shape) * 4 > traits.maxBindingBytes)) return true
  const fewest = traits.hasFastBarriers ? FEWEST_ROWS.hardware : FEWEST_ROWS.software
  const spaces = [...results].map(rowSpace)
  if (spaces.some(({ items, inner }) => items < fewest || inner < SHORTEST_ROW)) return false
  let again = 0
  for (const result of results) {
    const term = ROW_TERM + ROW_LOAD / rowsAtOnce([result])
    for (const node of coneOf(result, values))
      again += node.op === 'dot' ? term * termsOf(node) : costOf(node)
    again += term * columnsOf(result)
  }
  let stored = 0
  for (const node of values) stored += node.op === 'dot' ? TERM * termsOf(node) : costOf(node)
  for (const result of results) stored += TERM * columnsOf(result)
  return again < stored + WORD * wordsOf(dots, results)
}

const termsOf = (dot: Node): number => dot.inputs[0]!.shape[2]!

/** Values of a region that a result takes. */
function coneOf(result: RowResult, values: ReadonlySet<Node>): Set<Node> {
  const cone = new Set<Node>()
  const waiting = result.inputs.filter((node) => values.has(node))
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (cone.has(node)) continue
    cone.add(node)
    waiting.push(...node.inputs.filter((input) => values.has(input)))
  }
  return cone
}

/** Words written and read for each place, if products and what others are made of are stored. */
function wordsOf(dots: readonly Node[], results: ReadonlySet<RowResult>): number {
  const sums = [...results].filter(({ op }) => op === 'dot')
  return 2 * dots.length + 2 * sums.length
}

/** Whether kernels can compute each of its results, with no more buffers than the device binds. */
export function fits(
  { results }: Region,
  uses: Uses,
  { maxStorageBuffers }: DeviceTraits,
): boolean {
  return [...results].every((result) => {
    const members = new Set([result])
    const access = accessOf('rows', [result], (node) => uses.isStoredFor(members, node))
    return access && access.loads.size < maxStorageBuffers
  })
}
