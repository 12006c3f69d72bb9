// Pictures of charts as SVG: everything is there, as lines and words, and names can't break out of it.
import { expect, test } from 'vitest'
import { appendPoint, emptySeries } from '../../store/series.ts'
import { CurveCache } from './curve.ts'
import { csvOf } from './export.ts'
import { chartPicture } from './picture.ts'
import { arrange, type ChartContent, type ChartLine } from './scene.ts'
import { toSvg } from './svg.ts'

const line = (label: string, values: number[]): ChartLine => ({
  key: `1:${label}`,
  label,
  metric: label,
  run: 'run 1',
  color: '--series-1',
  dash: 0,
  series: values.reduce(
    (made, value, i) => appendPoint(made, { step: i + 1, epoch: 1, time: 250 * i }, value),
    emptySeries,
  ),
  stepsPerEpoch: 2,
  isLive: false,
})

const content: ChartContent = {
  lines: [line('loss', [4, 0, 2, 1]), line('</svg><b>', [1, 2])],
  references: [{ metric: 'loss', label: 'uniform', value: 3 }],
  marks: [{ kind: 'swap', step: 2, time: 250, label: 'sampler swapped' }],
  pins: [{ chart: 'loss', line: '1:loss', step: 3 }],
  settings: { axis: 'step', smoothing: 0, isLogX: false, isLogY: true, isRobust: false },
  zoom: undefined,
  highlighted: undefined,
}

function svgOf(given: ChartContent): string {
  const scene = arrange(given, new CurveCache())
  const context = { palette: (token: string) => token, measure: (text: string) => 6 * text.length }
  const ticks = { x: [1, 2, 3], y: [1, 2] }
  const picture = chartPicture('Loss & more', scene, ticks, { width: 300, height: 120 }, context)
  return toSvg(picture, 'sans-serif')
}

test('has title, axes, legend, curves, reference, mark and pin, and says what is not drawn', () => {
  const svg = svgOf(content)
  for (const word of ['Loss &amp; more', '>loss<', 'uniform', 'sampler swapped', '>2 · step 3<'])
    expect(svg).toContain(word)
  expect(svg).toContain('1 value ≤ 0, off the log scale')
  expect(svg.match(/<path /g)).toHaveLength(2)
  expect(svg).toContain('&lt;/svg&gt;&lt;b&gt;')
  expect(svg.match(/<\/svg>/g)).toHaveLength(1)
  expect(svg).not.toContain('NaN')
})

test('CSV has every point of every line, and no formula', () => {
  const csv = csvOf([...content.lines, line('=cmd()', [-1])])
  expect(csv.split('\n')).toEqual([
    'run,metric,step,epoch,seconds,value',
    'run 1,loss,1,1,0,4',
    'run 1,loss,2,1,0.25,0',
    'run 1,loss,3,1,0.5,2',
    'run 1,loss,4,1,0.75,1',
    'run 1,</svg><b>,1,1,0,1',
    'run 1,</svg><b>,2,1,0.25,2',
    `run 1,"'=cmd()",1,1,0,-1`,
  ])
})
