// Metrics are grouped into charts.
import { expect, test } from 'vitest'
import { chartGroups } from './chart-groups.ts'

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
