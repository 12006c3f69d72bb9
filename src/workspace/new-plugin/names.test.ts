// Names of new plugins in all their forms.
import { expect, test } from 'vitest'
import { nameOfFile, nameProblem, namesOf } from './names.ts'

test.each(['loss', 'focal_loss', 'focal-loss', 'conv2d', 'a1_b2-c3'])('takes %s', (name) =>
  expect(nameProblem(name)).toBeUndefined(),
)

test.each([
  ['', /needs a name, such as focal_loss/],
  ['a'.repeat(51), /51 characters; 50 are allowed/],
  ['FocalLoss', /lower-case letters and digits, begin with a letter/],
  ['2d', /begin with a letter/],
  ['focal loss', /"_" or "-" between words/],
  ['focal__loss', /between words/],
  ['loss_', /between words/],
  ['../loss', /no name for a plugin/],
  ['größe', /no name for a plugin/],
])('refuses %j', (name, rule) => expect(nameProblem(name)).toMatch(rule))

test('has a form for manifest, file, class and people', () => {
  expect(namesOf('focal-loss_2d')).toEqual({
    snake: 'focal_loss_2d',
    kebab: 'focal-loss-2d',
    pascal: 'FocalLoss2d',
    title: 'Focal loss 2d',
  })
})

test.each([
  ['best-loss', 'best_loss'],
  ['bestLoss', 'best_loss'],
  ['2nd try!', 'nd_try'],
  ['__', 'new_plugin'],
  ['größe', 'gr_e'],
  [`${'a'.repeat(46)}-b`, 'a'.repeat(46)],
  ['mse', 'mse_3'],
])('names the plugin in a file %j %s', (stem, name) => {
  expect(nameOfFile(stem, new Set(['mse', 'mse_2']))).toBe(name)
  expect(nameProblem(name)).toBeUndefined()
})
