// Pictures as tables: the same numbers to read, to hear, to copy.
import type { ShownContent } from '#sdk'
import type { Histogram, Matrices, Scatter } from './content-types.ts'
import type { TableData } from './table-view.tsx'

/** Most rows that are written out. */
const MAX_ROWS = 2000

export function tableOf(content: ShownContent): TableData {
  if ('histograms' in content) {
    const columns = ['', 'step', 'values', 'min', 'max', 'most from', 'to']
    return { columns, rows: content.histograms.flatMap(histogramRows) }
  }
  if ('matrices' in content) return matrixTable(content)
  if ('lines' in content) {
    const columns = ['line', content.xLabel ?? 'x', content.yLabel ?? 'y']
    const rows = content.lines.flatMap(({ name, x, y }) =>
      Array.from(y, (value, i) => [name, x?.[i] ?? i, value]),
    )
    return { columns, rows: rows.slice(0, MAX_ROWS) }
  }
  if ('bars' in content) {
    const columns = ['', ...content.bars.map(({ name }) => name)]
    const rows = content.labels.map((it, i) => [
      it,
      ...content.bars.map(({ values }) => values[i]!),
    ])
    return { columns, rows }
  }
  if ('nodes' in content) {
    const next = (id: string) => content.edges.filter(({ from }) => from === id).map(({ to }) => to)
    const rows = content.nodes.map(({ id, label = id, detail = '' }) => [
      label,
      detail,
      next(id).join(', '),
    ])
    return { columns: ['node', 'detail', 'leads to'], rows }
  }
  if ('x' in content) return scatterTable(content)
  if ('images' in content) {
    const columns = ['image', 'width', 'height', 'caption']
    const rows = content.images.map(({ width, height, caption = '' }, i) => [
      i + 1,
      width,
      height,
      caption,
    ])
    return { columns, rows }
  }
  if ('text' in content) return { columns: ['line'], rows: content.text.map((line) => [line]) }
  return content
}

/** A row for each time: number of values, their range, and the bin with the most. */
function histogramRows({ name, rows }: Histogram): (string | number)[][] {
  return rows.map(({ at, min, max, counts }) => {
    const total = counts.reduce((sum, count) => sum + count, 0)
    const most = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0))
    const width = (max - min) / counts.length
    return [name, at, total, min, max, min + most * width, min + (most + 1) * width]
  })
}

function matrixTable({ matrices, rowsAre = '', columnsAre = '' }: Matrices): TableData {
  const isOne = matrices.length === 1
  const [first] = matrices
  if (isOne && first) {
    const corner = [rowsAre, columnsAre].filter((it) => it !== '').join(' \\ ')
    const rows = first.rows.map((row, i) => [row, ...rowOf(first, i)])
    return { columns: [corner, ...first.columns], rows }
  }
  const rows = matrices
    .flatMap((matrix) =>
      matrix.rows.flatMap((row, i) =>
        rowOf(matrix, i).map((value, j) => [matrix.title ?? '', row, matrix.columns[j]!, value]),
      ),
    )
    .slice(0, MAX_ROWS)
  return { columns: ['matrix', rowsAre || 'row', columnsAre || 'column', 'value'], rows }
}

const rowOf = ({ columns, values }: Matrices['matrices'][number], row: number): number[] =>
  Array.from(values.subarray(row * columns.length, (row + 1) * columns.length))

function scatterTable({ x, y, labels, group, groups, xLabel, yLabel }: Scatter): TableData {
  const columns = [
    ...(labels ? ['label'] : []),
    ...(group ? ['group'] : []),
    xLabel ?? 'x',
    yLabel ?? 'y',
  ]
  const rows = Array.from(x.subarray(0, MAX_ROWS), (value, i) => [
    ...(labels ? [labels[i]!] : []),
    ...(group ? [groups?.[group[i]!] ?? String(group[i])] : []),
    value,
    y[i]!,
  ])
  return { columns, rows }
}
