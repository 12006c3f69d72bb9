// The safetensors format: what is written is read, what is broken is refused by name and size.
import { describe, expect, test } from 'vitest'
import { readMetadata, readSafetensors, writeSafetensors } from './safetensors.ts'
import { floatsOf, type StoredTensor } from './stored-tensor.ts'

const tensors = new Map<string, StoredTensor>([
  ['flags', { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ['weight', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -2, Number.NaN, 0) }],
  ['exact', { dtype: 'F64', shape: [], data: Float64Array.of(Math.PI) }],
  ['nothing', { dtype: 'I32', shape: [0, 4], data: new Int32Array() }],
  ['large', { dtype: 'I64', shape: [1], data: BigInt64Array.of(2n ** 60n) }],
])

/** A file of a header written by hand, and `bytes` of values. */
function fileOf(header: string, bytes = 0): Uint8Array {
  const text = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + text.length + bytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  return file
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4]) =>
  JSON.stringify({ dtype: 'F32', shape, data_offsets: [begin, end] })

test('what was written is read again, also from the middle of a buffer', () => {
  const file = writeSafetensors(tensors, { format: 'pt' })
  const moved = new Uint8Array(file.length + 3)
  moved.set(file, 3)
  for (const bytes of [file, moved.subarray(3)]) {
    const read = readSafetensors(bytes, 'x')
    expect(read.tensors).toEqual(tensors)
    expect(read.metadata).toEqual({ format: 'pt' })
  }
  expect(readMetadata(file, 'x')).toEqual({ format: 'pt' })
})

test('the header is as the format says: length, JSON, values from a multiple of eight on, the widest first', () => {
  const file = writeSafetensors(tensors)
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  expect(length % 8).toBe(0)
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as object
  expect(Object.keys(header)).toEqual(['exact', 'large', 'nothing', 'weight', 'flags'])
  expect(header).toMatchObject({
    exact: { dtype: 'F64', shape: [], data_offsets: [0, 8] },
    weight: { dtype: 'F32', shape: [2, 2], data_offsets: [16, 32] },
    flags: { dtype: 'BOOL', shape: [3], data_offsets: [32, 35] },
  })
  expect(file.length).toBe(8 + length + 35)
})

test('half precision is read as PyTorch reads it', () => {
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x7e00, 0x3555)
  const values = floatsOf({ dtype: 'F16', shape: [6], data: bits })
  expect([...values]).toEqual([1, -2, 2 ** -24, Infinity, Number.NaN, Math.fround(0.333251953125)])
  const brain = floatsOf({ dtype: 'BF16', shape: [2], data: Uint16Array.of(0x3f80, 0xc049) })
  expect([...brain]).toEqual([1, -3.140625])
})

describe('a broken file is refused', () => {
  const whole = writeSafetensors(tensors)
  const cases: [string, Uint8Array, string][] = [
    ['no file at all', new Uint8Array(3), 'a.st has 3 bytes'],
    ['cut off in its header', whole.subarray(0, 40), 'only 32 follow'],
    ['cut off in its values', whole.subarray(0, whole.length - 1), 'only 34 are there'],
    ['a length beyond all files', new Uint8Array(64).fill(0xff), 'over the limit of 100000000'],
    ['no JSON', fileOf('{"a":'), 'a header that is no JSON'],
    ['no object', fileOf('[1]'), 'no JSON object'],
    ['a name twice', fileOf(`{"a":${entry(0, 4)},"\\u0061":${entry(4, 8)}}`, 8), 'tensor a twice'],
    ['overlap', fileOf(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12), 'overlap: a and b'],
    ['a gap', fileOf(`{"a":${entry(4, 8)}}`, 8), '4 bytes of no tensor before a'],
    ['bytes left over', fileOf(`{"a":${entry(0, 4)}}`, 8), '4 bytes after its last tensor'],
    ['outside', fileOf(`{"a":${entry(0, 16)}}`, 8), 'ends at byte 16 of the values, but only 8'],
    ['another size', fileOf(`{"a":${entry(0, 8, [3])}}`, 8), 'F32 [3], which takes 12 bytes'],
    ['negative', fileOf(`{"a":${entry(-4, 0)}}`, 0), 'data_offsets are [-4,0]'],
    ['a wrong shape', fileOf(`{"a":${entry(0, 4, [-1])}}`, 4), 'whose shape is [-1]'],
    [
      'an unknown type',
      fileOf('{"a":{"dtype":"F8","shape":[],"data_offsets":[0,1]}}', 1),
      'type F8',
    ],
    ['no entry', fileOf('{"a":7}'), 'values of type undefined'],
    ['wrong metadata', fileOf('{"__metadata__":{"a":1}}'), 'no object of texts'],
  ]
  test.each(cases)('%s', (_, file, message) => {
    expect(() => readSafetensors(file, 'a.st')).toThrow(
      expect.objectContaining({ code: 'file.invalid', message: expect.stringContaining(message) }),
    )
  })

  test('a file of another format tells how that one is named', () => {
    const json = new TextEncoder().encode('{"format":"layers-model"}')
    expect(() => readSafetensors(json, 'model.json')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('format: tfjs') }),
    )
  })

  test('cut off anywhere, it never is taken for whole', () => {
    for (let length = 0; length < whole.length; length++)
      expect(() => readSafetensors(whole.subarray(0, length), 'a.st')).toThrow('a.st')
  })

  test('and one that could not be read is not written', () => {
    const short: StoredTensor = { dtype: 'F32', shape: [3], data: new Float32Array(2) }
    expect(() => writeSafetensors([['a', short]])).toThrow('a has 2 values')
    const fine: StoredTensor = { dtype: 'F32', shape: [2], data: new Float32Array(2) }
    expect(() =>
      writeSafetensors([
        ['a', fine],
        ['a', fine],
      ]),
    ).toThrow('there twice')
  })
})
