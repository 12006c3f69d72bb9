// What computing a value once more costs, in simple operations: when recomputing beats storing.
import { type MapFn, type Node, sizeOf } from '../graph/node.ts'
import type { Access } from './access.ts'
import { isCombine } from './space.ts'

const expensive: ReadonlySet<MapFn> = new Set<MapFn>([
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atan2',
  'atanh',
  'cos',
  'cosh',
  'erf',
  'exp',
  'expm1',
  'log',
  'log1p',
  'pow',
  'sigmoid',
  'sin',
  'sinh',
  'softplus',
  'tan',
  'tanh',
])

/** Of one value; infinite for what takes a loop. */
export function costOf(node: Node): number {
  switch (node.op) {
    case 'input':
    case 'constant':
    case 'index':
    case 'reshape':
      return 0
    case 'view':
      return node.fill === undefined ? 0 : 1
    case 'map':
      return expensive.has(node.fn) ? 8 : 1
    case 'gather':
    case 'concat':
      return 2
    case 'random':
      return 12
    case 'chain':
      return 100
    case 'reduce':
    case 'scatter':
    case 'dot':
      return Infinity
  }
}

/** Work beyond computing each value once, for each round of the whole kernel. */
export function extraWork({ work, space }: Access): number {
  let extra = 0
  for (const [node, times] of work)
    if (!isCombine(node)) extra += costOf(node) * Math.max(0, times - sizeOf(node.shape))
  return extra / (space.items * space.inner)
}
