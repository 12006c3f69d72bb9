// Places in a plugin's source.
import { expect, test } from 'vitest'
import { placeOf, type Sources } from './source-places.ts'

const sources: Sources = [
  [
    'plugins/a/index.ts',
    `import { plugin } from 'plugboard'
export default class A extends plugin({
  manifest: { name: 'a', version: '1.0.0' },
}) {
  initialize() {
    this.ctx.provide('layer', 'acme.gelu', make)
    this.ctx.hook('onStepEnd', () => this.ctx.events.emit('a.told', 1))
  }
  async onEpochEnd({ epoch }) {}
}
`,
  ],
  ['plugins/a/more.ts', `export const Clock = defineService('acme.clock')\n`],
]

test.each([
  ['plugin', 'a', 3, 15],
  ['hook', 'onEpochEnd', 9, 3],
  ['hook', 'onStepEnd', 7, 14],
  ['contribution', 'layer/acme.gelu', 6, 14],
  ['event', 'a.told', 7, 59],
  ['hook', 'onNothing', 3, 15],
] as const)('finds the %s %s', (subject, name, line, column) => {
  const file = 'plugins/a/index.ts'
  expect(placeOf(sources, subject, name, 'a')).toEqual({ file, line, column })
})

test('looks in the other files of a folder as well', () => {
  expect(placeOf(sources, 'service', 'acme.clock', 'a')).toMatchObject({
    file: 'plugins/a/more.ts',
    line: 1,
  })
})

test('names with signs of patterns are taken as they are, and no source gives no place', () => {
  expect(placeOf(sources, 'event', 'a(.*', 'b')).toMatchObject({ line: 7 })
  expect(placeOf([], 'plugin', 'a', 'a')).toBeUndefined()
})
