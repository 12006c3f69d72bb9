// Kinds are found by their names and by what people call them elsewhere.
import { expect, test } from 'vitest'
import { loadTemplates, pluginKinds } from '#workspace'
import { kindChoices, kindsFor } from './kinds.ts'

const { sampleOf } = await loadTemplates()
const choices = kindChoices(sampleOf)

test('every kind is there once, with what its template does', () => {
  expect(choices.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(pluginKinds).toSorted())
  for (const kind of choices) expect(sampleOf(kind.kind)).toMatch(/^\S.{10,120}$/)
})

test.each([
  ['lr', 'schedule'],
  ['loss', 'loss'],
  ['Mixture of EXPERTS', 'router'],
  ['accuracy', 'metric'],
  ['csv', 'dataset'],
  ['opt', 'optimizer'],
  ['lion', 'optimizer'],
])('"%s" finds %s first', (query, kind) => {
  expect(kindsFor(choices, query)[0]?.kind).toBe(kind)
})

test('all words have to fit', () => {
  expect(kindsFor(choices, 'learning nonsense')).toEqual([])
  expect(kindsFor(choices, ' ')).toEqual(choices)
})
