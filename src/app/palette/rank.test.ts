// The palette's search: parts of words, initials, all of several words, and what is shown besides the title.
import { expect, test } from 'vitest'
import type { Action } from '../actions/action.ts'
import { ranked } from './rank.ts'

const action = (title: string, group = 'View', hint?: string): Action => ({
  id: title,
  title,
  group,
  hint,
  run: () => undefined,
})

const actions = [
  action('Bring plugins up', 'Plugins'),
  action('Show Run'),
  action('Run', 'Run'),
  action('Reset layout'),
  action('Shuffle rows', 'data_tools', 'shuffle_rows · in another order'),
]
const found = (query: string) => ranked(actions, query).map(({ title }) => title)

test('all in their order when nothing was typed', () => {
  expect(found(' ')).toEqual(actions.map(({ title }) => title))
})

test('the closest first: a whole word, then one inside, then letters in order', () => {
  expect(found('run')).toEqual(['Run', 'Show Run', 'Bring plugins up'])
  expect(found('rl')[0]).toBe('Reset layout')
  expect(found('LAYOUT reset')).toEqual(['Reset layout'])
})

test('plugin and description count too, and nothing fits nonsense', () => {
  expect(found('data_tools')).toEqual(['Shuffle rows'])
  expect(found('another shuffle')).toEqual(['Shuffle rows'])
  expect(found('zzz')).toEqual([])
})
