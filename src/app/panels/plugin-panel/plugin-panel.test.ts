// Pictures of panels: as tables, and which of their parts is where.
import { describe, expect, test } from 'vitest'
import { panelContentSchema, type PanelContent } from '#sdk'
import { tableOf } from './as-table.ts'
import { barSource } from './bar-picture.ts'
import { graphSource } from './graph-picture.ts'
import { histogramSource } from './histogram-picture.ts'
import { lineSource } from './line-picture.ts'
import { layoutOf, matrixSource } from './matrix-picture.ts'
import { scatterSource } from './scatter-picture.ts'
import { shapePath } from './shapes.ts'

const shown = (content: PanelContent) => panelContentSchema.parse(content)
const numbers = (...values: number[]) => Float32Array.from(values)

describe('tables', () => {
  test('one matrix keeps its form, several become rows', () => {
    const matrix = { rows: ['a', 'b'], columns: ['x', 'y'], values: [1, 2, 3, 4] }
    const names = { rowsAre: 'true class', columnsAre: 'predicted' }
    expect(tableOf(shown({ matrices: [matrix], ...names }))).toEqual({
      columns: ['true class \\ predicted', 'x', 'y'],
      rows: [
        ['a', 1, 2],
        ['b', 3, 4],
      ],
    })
    const two = [
      { ...matrix, title: 'one' },
      { ...matrix, title: 'two' },
    ]
    const { columns, rows } = tableOf(shown({ matrices: two, ...names }))
    expect(columns).toEqual(['matrix', 'true class', 'predicted', 'value'])
    expect(rows).toHaveLength(8)
    expect(rows[5]).toEqual(['two', 'a', 'y', 2])
  })

  test('histograms tell range and fullest bin, points their names', () => {
    const rows = [{ at: 20, min: -1, max: 1, counts: [1, 5, 2, 0] }]
    expect(tableOf(shown({ histograms: [{ name: 'w', rows }] })).rows).toEqual([
      ['w', 20, 8, -1, 1, -0.5, 0],
    ])
    const points = { x: [1, 2], y: [3, 4], group: [1, 0], groups: ['no', 'yes'] }
    expect(tableOf(shown({ ...points, labels: ['p', 'q'], xLabel: 'width' }))).toEqual({
      columns: ['label', 'group', 'width', 'y'],
      rows: [
        ['p', 'yes', 1, 3],
        ['q', 'no', 2, 4],
      ],
    })
  })
})

describe('pointing', () => {
  const matrix = { rows: ['a', 'b'], columns: ['x', 'y', 'z'], values: numbers(1, 2, 3, 4, 5, 6) }

  test('finds the cell of a matrix, and none beside it', () => {
    const source = matrixSource(matrix, { rowsAre: 'from' })
    const { left, top, cell } = layoutOf(matrix, 300)
    expect(source.at(left + 2.5 * cell, top + 1.5 * cell, 300)).toBe(5)
    expect(source.at(left - 1, top + 1, 300)).toBeUndefined()
    expect(source.at(left + 3.2 * cell, top + 1, 300)).toBeUndefined()
    expect(source.describe(5)).toBe('from b, z: 6')
    expect(source.next(5, 'ArrowRight')).toBe(5)
    expect(source.next(5, 'ArrowUp')).toBe(2)
    expect(source.height(300)).toBeGreaterThan(top + 2 * cell)
  })

  test('finds the bin of a histogram and the nearest point', () => {
    const rows = [
      { at: 0, min: 0, max: 1, counts: numbers(4, 0) },
      { at: 10, min: 0, max: 2, counts: numbers(1, 2) },
    ]
    const histogram = histogramSource({ name: 'w', rows })
    const bottom = histogram.height(202) - 20
    expect(histogram.describe(histogram.at(150, bottom, 202)!)).toBe('step 10: 2 from 1 to 2')
    const first = histogram.next(histogram.at(10, bottom, 202)!, 'ArrowUp')
    expect(histogram.describe(first)).toBe('step 0: 4 from 0 to 0.5000')

    const scatter = scatterSource({ x: numbers(0, 1), y: numbers(0, 1), labels: ['low', 'high'] })
    const height = scatter.height(300)
    expect(scatter.describe(scatter.at(55, height - 30, 300)!)).toBe('low · (0, 0)')
    expect(scatter.at(150, 5, 300)).toBeUndefined()
    expect(scatter.next(1, 'ArrowRight')).toBe(0)
  })
})

test('groups are told apart by shape and colour together for more than fifty groups', () => {
  const marks = new Set(Array.from({ length: 56 }, (_, i) => `${shapePath(i, 3)} ${i % 8}`))
  expect(marks.size).toBe(56)
})

describe('curves, bars and graphs', () => {
  const bars = {
    labels: ['cat', 'dog'],
    bars: [
      { name: 'before', values: numbers(1, -2) },
      { name: 'after', values: numbers(3, 4) },
    ],
  }
  const graph = {
    nodes: [{ id: 'a' }, { id: 'b', label: 'Second', detail: '3 rows' }],
    edges: [{ from: 'a', to: 'b' }],
  }

  test('can be read as tables', () => {
    const lines = [{ name: 'roc', x: [0, 1], y: [0, 0.5] }]
    expect(tableOf(shown({ lines, xLabel: 'fpr' }))).toEqual({
      columns: ['line', 'fpr', 'y'],
      rows: [
        ['roc', 0, 0],
        ['roc', 1, 0.5],
      ],
    })
    expect(tableOf(shown(bars)).rows).toEqual([
      ['cat', 1, 3],
      ['dog', -2, 4],
    ])
    expect(tableOf(shown(graph)).rows).toEqual([
      ['a', '', 'b'],
      ['Second', '3 rows', ''],
    ])
  })

  test('what does not fit together is refused', () => {
    const refused = (content: unknown) => panelContentSchema.safeParse(content).success
    expect(refused({ lines: [{ name: 'x', x: [1], y: [1, 2] }] })).toBe(false)
    expect(refused({ ...bars, labels: ['cat'] })).toBe(false)
    expect(refused({ ...graph, edges: [{ from: 'a', to: 'nowhere' }] })).toBe(false)
    expect(refused({ nodes: [{ id: 'a' }, { id: 'a' }], edges: [] })).toBe(false)
  })

  test('their parts are found by place and by key', () => {
    const line = lineSource({ lines: [{ name: 'l', y: numbers(1, 5, NaN) }] })
    expect(line.describe(line.at(10, 1000, 200) ?? 1)).toBe('l · (1, 5)')
    expect(line.next(2, 'ArrowRight')).toBe(0)
    const bar = barSource(bars)
    expect([bar.at(50, 10, 300), bar.at(50, 24, 300), bar.at(50, 900, 300)]).toEqual([
      0,
      1,
      undefined,
    ])
    expect(bar.describe(3)).toBe('dog · after: 4')
    const drawn = graphSource(graph)
    expect(drawn.describe(0)).toBe('a · leads to b')
    expect([drawn.next(0, 'ArrowDown'), drawn.next(1, 'ArrowUp')]).toEqual([1, 0])
    expect(drawn.at(-5, -5, 400)).toBeUndefined()
  })
})
