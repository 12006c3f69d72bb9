// Data of plugins on its way to the page: copied, and nothing but what the page takes.
import { MAX_DEPTH } from '#protocol'

/** A copy that its author cannot change afterwards. Throws for what cannot be copied, is not plain or too deep. */
export function plainCopy(value: unknown): unknown {
  const copy = structuredClone(value)
  const problem = faultOf(copy, MAX_DEPTH)
  if (problem !== undefined) throw new TypeError(problem)
  return copy
}

/** Why a value is no plain data, or undefined. The sandbox ends an engine that sends any other. */
function faultOf(value: unknown, levels: number): string | undefined {
  if (typeof value === 'bigint') return 'it holds a bigint'
  if (typeof value !== 'object' || value === null) return undefined
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return undefined
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
    return `it holds a ${Object.prototype.toString.call(value).slice(8, -1)}`
  if (levels === 0) return `it goes deeper than ${MAX_DEPTH} levels, or in a circle`
  for (const child of Object.values(value)) {
    const problem = faultOf(child, levels - 1)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** A copy of plain data; of small data much faster than `structuredClone`. */
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf)
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value)
  const copy = { ...value } as Record<string, unknown>
  for (const key in copy) {
    const child = copy[key]
    if (typeof child === 'object') copy[key] = copyOf(child)
  }
  return copy
}
