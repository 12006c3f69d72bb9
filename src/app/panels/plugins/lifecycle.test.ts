// Which steps are offered, why others are not, and what is said of plugins that stand on one another.
import { expect, test } from 'vitest'
import type { PluginInfo } from '#protocol'
import {
  consequence,
  dependentsOf,
  effectOn,
  foundationOf,
  STEPS,
  stagesPassed,
  whyNot,
} from './lifecycle.ts'

const plugin = (
  name: string,
  state: PluginInfo['state'],
  dependencies: string[] = [],
  more: Partial<PluginInfo> = {},
): PluginInfo =>
  ({ manifest: { name }, state, dependencies, isPinned: false, ...more }) as PluginInfo

const base = plugin('base', 'running')
const middle = plugin('middle', 'running', ['base'])
const top = plugin('top', 'stopped', ['middle'])
const all = [base, middle, top]

const possible = (it: PluginInfo, others: PluginInfo[] = [it]): string[] =>
  STEPS.map(({ step }) => step).filter((step) => whyNot(step, it, others) === undefined)

test('each state offers the steps that lead on from it, and no others', () => {
  const offered = (['discovered', 'validated', 'loaded', 'initialized', 'running'] as const).map(
    (state) => possible(plugin('it', state)),
  )
  expect(offered).toEqual([
    ['validate'],
    ['load'],
    ['initialize', 'cleanup'],
    ['start', 'cleanup'],
    ['stop'],
  ])
  expect(possible(plugin('it', 'failed'))).toEqual(['cleanup'])
  expect(possible(plugin('it', 'cleaned'))).toEqual(['validate'])
})

test('a step that is not possible says why', () => {
  expect(whyNot('start', plugin('it', 'failed'), [])).toBe(
    'it is failed; this step begins at initialized or stopped; clean it up first',
  )
  const waiting = plugin('it', 'loaded', ['base'])
  expect(whyNot('initialize', waiting, [waiting, plugin('base', 'loaded')])).toBe(
    'It requires base, which is loaded; initialize that first',
  )
  expect(whyNot('initialize', waiting, [waiting, base])).toBeUndefined()
  const pinned = plugin('it', 'stopped', [], { isPinned: true })
  expect(whyNot('cleanup', pinned, [pinned])).toBe('The run uses it; stop the run first')
  const above = plugin('above', 'stopped', ['it'], { isPinned: true })
  expect(whyNot('cleanup', plugin('it', 'stopped'), [above])).toMatch('uses above')
})

test('what stands on a plugin is found through others, and circles end', () => {
  expect(dependentsOf('base', all)).toEqual([middle, top])
  expect(foundationOf('top', all)).toEqual([base, middle])
  const circle = [plugin('a', 'loaded', ['b']), plugin('b', 'loaded', ['a'])]
  expect(dependentsOf('a', circle)).toEqual([circle[1]])
  expect(foundationOf('a', circle)).toHaveLength(2)
})

test('what a step does to others is said before and after it', () => {
  expect(consequence(base, all)).toBe('Stopping it stops middle first, which stands on it.')
  const stopped = plugin('base', 'stopped')
  expect(consequence(stopped, [stopped, middle, top])).toBe(
    'Cleaning it up cleans up middle and top first, which stand on it.',
  )
  expect(consequence(top, all)).toBeUndefined()
  const now = [base, plugin('middle', 'stopped', ['base']), top]
  expect(effectOn(['middle', 'top'], all, now)).toBe('middle is stopped now.')
  expect(effectOn(['top'], all, now)).toBeUndefined()
})

test('the track shows how far a failed plugin has come', () => {
  const failed = (stage: string) =>
    stagesPassed({ state: 'failed', error: { code: 'plugin.threw', message: '', stage } })
  expect([failed('load'), failed('start')]).toEqual([2, 4])
})
