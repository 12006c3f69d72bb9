// Metrics are grouped into charts.
import { expect, test } from 'vitest'
import { chartGroups, chartSections, filterGroups } from './chart-groups.ts'

test('a metric and its validation twin share a chart', () => {
  expect(chartGroups(['val_loss', 'loss', 'accuracy'], [])).toEqual([
    { id: 'loss', title: 'Loss', metrics: ['loss', 'val_loss'] },
    { id: 'accuracy', title: 'Accuracy', metrics: ['accuracy'] },
  ])
})

test('a panel takes the metrics it names, with a star for any ending', () => {
  const panel = { id: 'p', title: 'Norms', type: 'chart' as const, metrics: ['norm.*', 'loss'] }
  expect(chartGroups(['loss', 'norm.a', 'norm.b', 'rate'], [panel])).toEqual([
    { id: 'panel:p', title: 'Norms', metrics: ['norm.a', 'norm.b', 'loss'] },
    { id: 'rate', title: 'Rate', metrics: ['rate'] },
  ])
})

test('a prefix makes a section; twins find each other within it', () => {
  const groups = chartGroups(['loss', 'norm/a', 'norm/val_a', 'norm/b', 'deep/er/x'], [])
  const sections = chartSections(groups)
  expect(sections.map(({ prefix, groups: own }) => [prefix, own.map((it) => it.title)])).toEqual([
    ['', ['Loss']],
    ['norm', ['A', 'B']],
    ['deep/er', ['X']],
  ])
  expect(sections[1]!.groups[0]!.metrics).toEqual(['norm/a', 'norm/val_a'])
})

test('the filter is a pattern, or plain text where it is none', () => {
  const groups = chartGroups(['loss', 'norm/a', 'accuracy'], [])
  const found = (filter: string) => filterGroups(groups, filter).map(({ id }) => id)
  expect(found('loss|acc')).toEqual(['loss', 'accuracy'])
  expect(found('NORM/')).toEqual(['norm/a'])
  expect(found('(')).toEqual([])
  expect(found(' ')).toHaveLength(3)
})
