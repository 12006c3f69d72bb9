// Cloneable data as JSON and tensors: typed arrays, NaN, undefined, maps, dates, shared and circular parts survive.
import { EngineError, type StoredDtype, type StoredTensor } from '#sdk'

/** Data as it is written: a table of values that name each other by index, and its arrays of numbers. */
export interface Encoded {
  nodes: unknown[]
  tensors: Map<string, StoredTensor>
}

/** Values that JSON has no word for, as indices below 0. */
const CONSTANTS = [undefined, Number.NaN, Infinity, -Infinity, -0] as const
const MAX_DEPTH = 500

const arrays = {
  Float64Array: ['F64', Float64Array],
  Float32Array: ['F32', Float32Array],
  Int32Array: ['I32', Int32Array],
  Int16Array: ['I16', Int16Array],
  Int8Array: ['I8', Int8Array],
  BigInt64Array: ['I64', BigInt64Array],
  BigUint64Array: ['U64', BigUint64Array],
  Uint32Array: ['U32', Uint32Array],
  Uint16Array: ['U16', Uint16Array],
  Uint8Array: ['U8', Uint8Array],
  Uint8ClampedArray: ['U8', Uint8ClampedArray],
} as const satisfies Record<string, readonly [StoredDtype, unknown]>
type ArrayName = keyof typeof arrays

const typeOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1)

/** Encodes what `structuredClone` gave. `subject` names it in errors, `prefix` its arrays among the tensors. */
export function encode(value: unknown, subject: string, prefix = 'state'): Encoded {
  const nodes: unknown[] = []
  const tensors: Encoded['tensors'] = new Map()
  const known = new Map<object, number>()

  function keep(name: ArrayName, data: ArrayBufferView): string {
    const [dtype, Type] = arrays[name]
    const tensor = `${prefix}/${tensors.size}`
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer
    const values = new (dtype === 'U8' ? Uint8Array : Type)(bytes)
    tensors.set(tensor, { dtype, shape: [values.length], data: values })
    return tensor
  }

  function add(given: unknown, path: string, depth: number): number {
    const constant = CONSTANTS.findIndex((it) => Object.is(it, given))
    if (constant >= 0) return -1 - constant
    if (typeof given !== 'object' || given === null) {
      if (typeof given === 'function' || typeof given === 'symbol')
        throw refuse(subject, path, `is a ${typeof given}`)
      return nodes.push(typeof given === 'bigint' ? ['n', String(given)] : given) - 1
    }
    const before = known.get(given)
    if (before !== undefined) return before
    if (depth > MAX_DEPTH) throw refuse(subject, path, `lies over ${MAX_DEPTH} levels deep`)
    const index = nodes.push(null) - 1
    known.set(given, index)
    const child = (it: unknown, key: unknown) => add(it, `${path}.${String(key)}`, depth + 1)
    nodes[index] = nodeOf(given, child, path)
    return index
  }

  type Child = (it: unknown, key: unknown) => number

  function nodeOf(given: object, child: Child, path: string): unknown[] {
    if (Array.isArray(given)) {
      const isPlain = (it: unknown) => typeof it === 'string' || isPlainNumber(it)
      if (given.every(isPlain) && Object.keys(given).length === given.length) return ['v', ...given]
      return ['a', ...Array.from(given, child)]
    }
    if (given instanceof Map)
      return ['m', ...[...given].flatMap(([key, it], i) => [child(key, i), child(it, i)])]
    if (given instanceof Set) return ['s', ...[...given].map(child)]
    if (given instanceof Date) return ['d', add(given.getTime(), path, 0)]
    if (given instanceof ArrayBuffer) return ['b', keep('Uint8Array', new Uint8Array(given))]
    const type = typeOf(given)
    if (Object.hasOwn(arrays, type))
      return ['t', type, keep(type as ArrayName, given as ArrayBufferView)]
    if (type !== 'Object') throw refuse(subject, path, `is a ${type}`)
    return ['o', ...Object.entries(given).flatMap(([key, it]) => [key, child(it, key)])]
  }

  add(value, '', 0)
  return { nodes: nodes.length > 0 ? nodes : [['c', add(value, '', 0)]], tensors }
}

const isPlainNumber = (value: unknown): boolean => Number.isFinite(value) && !Object.is(value, -0)

/** What was encoded. Throws `file.invalid` for anything else. */
export function decode({ nodes, tensors }: Encoded, subject: string): unknown {
  const broken = (what: string): EngineError =>
    new EngineError({
      code: 'file.invalid',
      message: `${subject} cannot be read: ${what}`,
      hint: 'take a file that was not changed after it was saved',
    })
  if (!Array.isArray(nodes) || nodes.length === 0) throw broken('it has no values')
  const made = new Map<number, unknown>()

  function tensorOf(name: unknown): StoredTensor['data'] {
    const tensor = tensors.get(String(name))
    if (!tensor) throw broken(`its array ${String(name)} is missing`)
    return tensor.data
  }

  function get(ref: unknown): unknown {
    if (!Number.isInteger(ref)) throw broken(`${String(ref)} is no index`)
    const index = ref as number
    if (index < 0) {
      if (-1 - index >= CONSTANTS.length) throw broken(`there is no constant ${index}`)
      return CONSTANTS[-1 - index]
    }
    if (index >= nodes.length) throw broken(`value ${index} of ${nodes.length} is missing`)
    const node = nodes[index]
    if (!Array.isArray(node)) return node
    if (!made.has(index)) make(index, node)
    return made.get(index)
  }

  /** Puts the object in its place before what is in it is made: that may lead back to it. */
  function make(index: number, [tag, ...rest]: unknown[]): void {
    const put = <T>(value: T): T => (made.set(index, value), value)
    if (tag === 'v') put(rest)
    else if (tag === 'a') {
      const list = put<unknown[]>([])
      for (const ref of rest) list.push(get(ref))
    } else if (tag === 'o') {
      const object = put({})
      for (let i = 0; i < rest.length; i += 2) {
        // Defined, not set: `__proto__` is a key like any other.
        const place = {
          value: get(rest[i + 1]),
          writable: true,
          enumerable: true,
          configurable: true,
        }
        Object.defineProperty(object, String(rest[i]), place)
      }
    } else if (tag === 'm') {
      const map = put(new Map())
      for (let i = 0; i < rest.length; i += 2) map.set(get(rest[i]), get(rest[i + 1]))
    } else if (tag === 's') {
      const set = put(new Set())
      for (const ref of rest) set.add(get(ref))
    } else if (tag === 'd') put(new Date(get(rest[0]) as number))
    else if (tag === 'n') put(BigInt(String(rest[0])))
    else if (tag === 'b') put(tensorOf(rest[0]).buffer)
    else if (tag === 'c') put(get(rest[0]))
    else if (tag === 't' && Object.hasOwn(arrays, String(rest[0])))
      put(new arrays[rest[0] as ArrayName][1](tensorOf(rest[1]).buffer))
    else throw broken(`it holds a value of the unknown kind ${String(tag)}`)
  }

  return get(0)
}

const refuse = (subject: string, path: string, problem: string): EngineError =>
  new EngineError({
    code: 'data.invalid',
    message: `${subject} cannot be kept: ${path === '' ? 'it' : `\`${path.slice(1)}\``} ${problem}`,
    hint: 'keep numbers, texts, lists, plain objects, maps, sets, dates and typed arrays',
  })
