// Artefacts as they are shown: readable, and bounded whatever their size.
import { expect, test } from 'vitest'
import { contentOf, MAX_SHOWN_BYTES } from './content.ts'

const of = (text: string) => contentOf(new TextEncoder().encode(text))

test('text is shown by line', () => {
  expect(of('one\ntwo\r\n\nfour\n')).toEqual({
    kind: 'text',
    lines: ['one', 'two', '', 'four'],
    table: undefined,
    isCut: false,
  })
})

test('[A17] lines of JSON are a table as well, whatever they are called', () => {
  const content = of('{"step":1,"loss":2.5}\n{"step":2,"note":"a, b","shape":[2,3],"loss":null}\n')
  expect(content).toMatchObject({
    lines: ['{"step":1,"loss":2.5}', expect.any(String)],
    table: {
      columns: ['step', 'loss', 'note', 'shape'],
      rows: [
        ['1', '2.5', '', ''],
        ['2', 'null', 'a, b', '[2,3]'],
      ],
    },
  })
})

test('keys of every object there is are no columns, and one line that is no object makes it text', () => {
  expect(of('{"a":1}\n{"b":2}\n')).toMatchObject({
    table: {
      rows: [
        ['1', ''],
        ['', '2'],
      ],
    },
  })
  expect(of('{"__proto__":1}\n{"toString":2}\n')).toMatchObject({
    table: {
      columns: ['__proto__', 'toString'],
      rows: [
        ['1', ''],
        ['', '2'],
      ],
    },
  })
  expect(of('{"a":1}\n[2]\n')).toMatchObject({ table: undefined })
  expect(of('{"a":1}\n')).toMatchObject({ table: undefined })
})

test('JSON is set in lines, and stays as it is when it is broken', () => {
  expect(of('{"a":[1,2]}')).toMatchObject({
    lines: ['{', '  "a": [', '    1,', '    2', '  ]', '}'],
  })
  expect(of('{"a":')).toMatchObject({ lines: ['{"a":'] })
})

test('bytes are not shown', () => {
  expect(contentOf(Uint8Array.of(1, 0, 2))).toEqual({ kind: 'binary' })
  expect(contentOf(Uint8Array.of(0xff, 0xfe, 0x41))).toEqual({ kind: 'binary' })
})

test('of a large one the beginning is shown, in whole lines and whole characters', () => {
  const line = `${'ü'.repeat(500)}\n`
  const content = of(line.repeat(Math.ceil((1.5 * MAX_SHOWN_BYTES) / line.length)))
  expect(content).toMatchObject({ kind: 'text', isCut: true })
  if (content.kind !== 'text') throw new Error('no text')
  expect(new Set(content.lines)).toEqual(new Set([line.trimEnd()]))
  const many = of('\n'.repeat(1_000_000))
  expect(many).toMatchObject({ isCut: true })
  const long = of('x'.repeat(100_000))
  expect(long).toMatchObject({ lines: [`${'x'.repeat(4_000)} … (100000 characters)`] })
})
