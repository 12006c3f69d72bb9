// The safetensors format: named tensors behind a JSON header. Written by the letter, read with distrust.
// Format: https://github.com/huggingface/safetensors (README, "Format").
import { EngineError } from './errors.ts'
import { type StoredDtype, storedDtypes, type StoredTensor } from './stored-tensor.ts'

/** What a file holds. */
export interface StoredTensors {
  tensors: Map<string, StoredTensor>
  metadata: Record<string, string>
}

/** Bytes of the number that says how long the header is. */
const LENGTH_BYTES = 8
/** Longest header that other readers take. */
const MAX_HEADER_BYTES = 100_000_000
const METADATA = '__metadata__'

interface Entry {
  readonly dtype: StoredDtype
  readonly shape: readonly number[]
  readonly data_offsets: readonly [begin: number, end: number]
}

const valuesIn = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** The bytes of a file. Throws `file.invalid` for a tensor whose values do not fit its shape. */
export function writeSafetensors(
  tensors: Iterable<readonly [name: string, tensor: StoredTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  // Wide values first, as the reference writer has it: every tensor then begins at a multiple of its width.
  const sorted = [...tensors].toSorted(
    ([a, { dtype: wide }], [b, { dtype: narrow }]) =>
      storedDtypes[narrow].bytes - storedDtypes[wide].bytes || (a < b ? -1 : 1),
  )
  const header: [string, unknown][] = []
  if (Object.keys(metadata).length > 0) header.push([METADATA, metadata])
  const names = new Set([METADATA])
  let end = 0
  for (const [name, { dtype, shape, data }] of sorted) {
    if (names.has(name)) throw refuse(`the tensor ${name}`, 'is there twice', 'give each its name')
    names.add(name)
    if (data.length !== valuesIn(shape)) {
      const problem = `has ${data.length} values, but its shape [${shape.join(', ')}] needs ${valuesIn(shape)}`
      throw refuse(`the tensor ${name}`, problem, 'let shape and values agree')
    }
    const begin = end
    end += data.byteLength
    header.push([name, { dtype, shape, data_offsets: [begin, end] }])
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)))
  // Filled up with spaces, so that the values begin at a multiple of eight.
  const headerBytes = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end).fill(0x20, LENGTH_BYTES)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.set(text, LENGTH_BYTES)
  let at = LENGTH_BYTES + headerBytes
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return file
}

/**
 * What is in a file; `subject` names it in errors. Throws `file.invalid` for anything that breaks the format:
 * one that is cut off, tensors that overlap or leave gaps, names that are there twice, unknown types of values.
 */
export function readSafetensors(file: Uint8Array, subject: string): StoredTensors {
  const { header, begin } = readHeader(file, subject)
  const { [METADATA]: metadata = {}, ...rest } = header
  const isText = Object.values(Object(metadata) as object).every((it) => typeof it === 'string')
  if (typeof metadata !== 'object' || Array.isArray(metadata) || !isText)
    throw refuse(subject, `has ${METADATA} that is no object of texts`, BROKEN)
  const entries = Object.entries(rest).map(
    ([name, entry]) => [name, checkEntry(entry, name, subject)] as const,
  )
  checkPlaces(entries, file.length - begin, subject)
  const tensors = new Map<string, StoredTensor>()
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    // A copy: values of a view would have to begin at a multiple of their width.
    const bytes = file.slice(begin + data_offsets[0], begin + data_offsets[1])
    tensors.set(name, { dtype, shape, data: new storedDtypes[dtype].array(bytes.buffer) })
  }
  return { tensors, metadata: metadata as Record<string, string> }
}

const BROKEN = 'save or download it again; a file that was changed by hand cannot be mended'

/** The metadata alone, for lists: values are neither read nor checked. Throws `file.invalid`. */
export function readMetadata(file: Uint8Array, subject: string): Record<string, unknown> {
  const { header } = readHeader(file, subject)
  return { ...Object(header[METADATA]) } as Record<string, unknown>
}

function readHeader(file: Uint8Array, subject: string) {
  if (file.length < LENGTH_BYTES) {
    const problem = `has ${file.length} bytes, but a safetensors file begins with the length of its header, ${LENGTH_BYTES} bytes`
    throw refuse(subject, problem, 'choose a .safetensors file, or download it again')
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headerBytes = view.getBigUint64(0, true)
  const left = file.length - LENGTH_BYTES
  if (headerBytes > BigInt(MAX_HEADER_BYTES)) {
    const problem = `says that its header has ${headerBytes} bytes, over the limit of ${MAX_HEADER_BYTES}: it is no safetensors file`
    const hint =
      'choose a .safetensors file; weights in another format go with `init_from: { file: …, format: tfjs }`'
    throw refuse(subject, problem, hint)
  }
  if (headerBytes > BigInt(left)) {
    const problem = `is cut off: its header should have ${headerBytes} bytes, but only ${left} follow`
    throw refuse(subject, problem, 'download or copy it again')
  }
  const begin = LENGTH_BYTES + Number(headerBytes)
  let header: unknown
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(LENGTH_BYTES, begin))
    header = JSON.parse(text)
  } catch (cause) {
    throw refuse(subject, `has a header that is no JSON (${String(cause)})`, BROKEN)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw refuse(subject, 'has a header that is no JSON object', BROKEN)
  const twice = repeatedKey(text)
  if (twice !== undefined) throw refuse(subject, `names the tensor ${twice} twice`, BROKEN)
  return { header: header as Record<string, unknown>, begin }
}

/** A key of the outermost object that is there more than once: `JSON.parse` would keep the last and say nothing. */
function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>()
  let depth = 0
  let last = ''
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token !== ':') last = token
    else if (depth === 1) {
      const key = JSON.parse(last) as string
      if (seen.has(key)) return key
      seen.add(key)
    }
  }
  return undefined
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

function checkEntry(value: unknown, name: string, subject: string): Entry {
  const { dtype, shape, data_offsets: offsets } = Object(value) as Record<string, unknown>
  const broken = (problem: string) => refuse(subject, `has a tensor ${name} ${problem}`, BROKEN)
  if (typeof dtype !== 'string' || !Object.hasOwn(storedDtypes, dtype)) {
    const known = Object.keys(storedDtypes).join(', ')
    throw broken(`with values of type ${String(dtype)}; known are ${known}`)
  }
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw broken(`whose shape is ${JSON.stringify(shape)}, but sizes are whole numbers from 0 on`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw broken(
      `whose data_offsets are ${JSON.stringify(offsets)}, but they are a begin and an end`,
    )
  const needed = valuesIn(shape) * storedDtypes[dtype as StoredDtype].bytes
  const [begin, end] = offsets as [number, number]
  if (end - begin !== needed) {
    const said = `of ${dtype} [${shape.join(', ')}], which takes ${needed} bytes`
    throw broken(`${said}, but its place is from byte ${begin} to ${end}`)
  }
  return { dtype: dtype as StoredDtype, shape, data_offsets: [begin, end] }
}

/** Values lie one after another, from the first byte to the last. */
function checkPlaces(
  entries: readonly (readonly [string, Entry])[],
  length: number,
  subject: string,
): void {
  const placed = entries.toSorted(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  )
  let at = 0
  let before = ''
  for (const [name, { data_offsets }] of placed) {
    const [begin, end] = data_offsets
    if (end > length) {
      const problem = `is cut off: the tensor ${name} ends at byte ${end} of the values, but only ${length} are there`
      throw refuse(subject, problem, 'download or copy it again')
    }
    if (begin < at) throw refuse(subject, `has tensors that overlap: ${before} and ${name}`, BROKEN)
    if (begin > at)
      throw refuse(subject, `has ${begin - at} bytes of no tensor before ${name}`, BROKEN)
    at = end
    before = name
  }
  if (at < length) throw refuse(subject, `has ${length - at} bytes after its last tensor`, BROKEN)
}

const refuse = (subject: string, problem: string, hint: string): EngineError =>
  new EngineError({ code: 'file.invalid', message: `${subject} ${problem}`, hint })
