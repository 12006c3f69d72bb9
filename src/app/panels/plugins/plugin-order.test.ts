// The list of plugins: filter, order, groups.
import { expect, test } from 'vitest'
import type { PluginInfo } from '#protocol'
import { arrange, type Choice } from './plugin-order.ts'

const plugin = (
  name: string,
  category: string,
  state: PluginInfo['state'],
  totalMs: number,
  origin: PluginInfo['origin'] = 'builtin',
): PluginInfo =>
  ({
    manifest: { name, category, description: '', tags: ['x'] },
    state,
    totalMs,
    origin,
  }) as unknown as PluginInfo

const plugins = [
  plugin('adam', 'optimizer', 'running', 5),
  plugin('mine', 'callback', 'failed', 1, 'workspace'),
  plugin('logging', 'callback', 'discovered', 0),
]

const shown = (choice: Partial<Choice>) =>
  arrange(plugins, {
    query: '',
    isUsedOnly: false,
    order: 'name',
    grouping: 'origin',
    ...choice,
  }).map(([title, members]) => [title, members.map(({ manifest }) => manifest.name)])

test('own plugins stand before built-in ones, each by name', () => {
  expect(shown({})).toEqual([
    ['Workspace', ['mine']],
    ['Built-in', ['adam', 'logging']],
  ])
})

test('groups by category, sorts by time or state', () => {
  expect(shown({ grouping: 'category', order: 'state' })).toEqual([
    ['callback', ['mine', 'logging']],
    ['optimizer', ['adam']],
  ])
  expect(shown({ grouping: 'none', order: 'time' })).toEqual([['', ['adam', 'mine', 'logging']]])
})

test('filters by words of name, category, state and tags, and by use', () => {
  expect(shown({ query: 'CALL fail' })).toEqual([['Workspace', ['mine']]])
  expect(shown({ isUsedOnly: true, grouping: 'none' })).toEqual([['', ['adam', 'mine']]])
  expect(shown({ query: 'nothing' })).toEqual([])
})
