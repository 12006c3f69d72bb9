// Runs for other tools: MLflow's layout, CSV, JSON there and back; JSON that others wrote.
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { metricsCsv, tableCsv } from './csv.ts'
import { readRuns, runsJson } from './exchange.ts'
import { differingKeys, flatten } from './flatten.ts'
import { experimentId, mlflowFiles, trackedRun } from './mlflow.ts'
import { keptRuns } from './runs.fixture.ts'

describe('[F11] runs in the layout of MLflow', () => {
  const files = mlflowFiles(keptRuns.map(trackedRun))
  const experiment = experimentId('digits: "small"')
  const metas = [...files.keys()].filter((path) => path.endsWith('/meta.yaml'))
  const folders = metas.map((path) => path.replace('/meta.yaml', ''))
  const [first, second] = folders.filter((path) => path.includes('/'))
  const at = (path: string) => files.get(`${first}/${path}`)

  test('one experiment holds both runs, each with an id of 32 digits', () => {
    expect(folders).toHaveLength(3)
    expect(parse(String(files.get(`${experiment}/meta.yaml`)))).toMatchObject({
      experiment_id: experiment,
      name: 'digits: "small"',
      lifecycle_stage: 'active',
      artifact_location: `mlruns/${experiment}`,
    })
    expect(first).toMatch(new RegExp(`^${experiment}/[0-9a-f]{32}$`))
    expect(second).not.toBe(first)
  })

  test('runs have state, times and name', () => {
    expect(parse(String(at('meta.yaml')))).toMatchObject({
      run_id: first!.split('/')[1],
      experiment_id: experiment,
      run_name: 'run 1',
      status: 3,
      start_time: 1_700_000_000_001,
      end_time: 1_700_000_060_000,
      artifact_uri: `mlruns/${first}/artifacts`,
    })
    expect(parse(String(files.get(`${second}/meta.yaml`)))).toMatchObject({
      run_name: 'fast',
      status: 4,
      end_time: null,
    })
  })

  test('params, metrics by step, tags and artefacts are files of their own', () => {
    expect(at('params/training.optimizer')).toBe('adamw')
    expect(at('params/training.optimizer.learning_rate')).toBe('0.01')
    expect(at('params/model.hidden')).toBe('[32,16]')
    expect(at('metrics/loss')).toBe(
      '1700000001000 2 0\n1700000001250 1.25e-7 10\n1700000001501 0.5 20\n',
    )
    expect(at('metrics/val/accuracy')).toBe(
      '1700000001000 nan 0\n1700000001250 inf 10\n1700000001501 -inf 20\n',
    )
    expect(at('tags/team')).toBe('a: #b')
    expect(at('tags/baseline')).toBe('')
    expect(at('tags/plugin.mlp')).toBe('1.2.0')
    expect(at('tags/mlflow.note.content')).toBe('=SUM(1)\n"second" line')
    expect(at('artifacts/plugboard.yaml')).toBe('experiment:\n  name: digits\n')
  })

  test('names are paths inside of their folder, different ones where case does not count', () => {
    const paths = [...files.keys()].filter((path) => path.startsWith(`${first}/`))
    expect(paths.some((path) => path.split('/').includes('..'))).toBe(false)
    expect(at('tags/_/_/x')).toBe('outside')
    const lower = paths.map((path) => path.toLowerCase())
    expect(new Set(lower).size).toBe(paths.length)
    // No path is a folder of another.
    expect(lower.filter((path) => lower.some((other) => other.startsWith(`${path}/`)))).toEqual([])
    expect(at('metrics/perplexity ___')).toBe('1700000001000 3 0\n')
  })
})

describe('[F11] runs as CSV', () => {
  test('texts are quoted where they must be, and never read as formulas', () => {
    expect(
      tableCsv(
        ['a', 'b "c"'],
        [
          ['x,y', -1.5],
          ['=1+1', null],
          ['-3', 'two\nlines'],
        ],
      ),
    ).toBe('a,"b ""c"""\r\n"x,y",-1.5\r\n\'=1+1,\r\n-3,"two\nlines"\r\n')
  })

  test('metrics: a line for each point', () => {
    const [{ entry, details }] = keptRuns as [(typeof keptRuns)[0]]
    const lines = metricsCsv([{ title: entry.id, series: details.series }]).split('\r\n')
    expect(lines.slice(0, 3)).toEqual([
      'run,metric,step,epoch,elapsed_s,value',
      'run-abc-1,loss,0,1,0,2',
      'run-abc-1,loss,10,2,0.25,1.25e-7',
    ])
  })
})

describe('runs as JSON', () => {
  const text = runsJson(keptRuns)

  test('come back as they were', () => {
    expect(readRuns(text)).toEqual([...keptRuns])
  })

  /** The export with a text of it put in place of another. */
  const changed = (before: string, after: string): string => {
    expect(text).toContain(before)
    return text.replace(before, after)
  }

  test.each([
    ['{', /^it is no JSON/],
    ['{"runs":[]}', /no export of runs/],
    [changed('"version":1', '"version":2'), /a newer Plugboard/],
    [changed('"id":"run-abc-1"', '"id":3'), /^runs\.0\.entry\.id/],
    [changed('"steps":[0,10,20]', '"steps":[0]'), /columns of different lengths/],
    [changed('"metrics":{"loss"', '"metrics":{"constructor"'), /entry\.metrics/],
    [changed('"a: #b"', `"${'x'.repeat(2000)}"`), /entry\.tags\.team/],
    [changed('[32,16]', `${'['.repeat(500)}${']'.repeat(500)}`), /deep/],
  ])('that is not as it should be is refused with its place: %#', (bad, problem) => {
    expect(() => readRuns(bad)).toThrow(problem)
  })
})

describe('configs as flat tables', () => {
  test('a component reads the same with and without settings of its own', () => {
    const long = { optimizer: { name: 'adamw', config: { betas: [0.9, 0.99] } }, epochs: 2 }
    expect([...flatten(long)]).toEqual([
      ['optimizer', 'adamw'],
      ['optimizer.betas', '[0.9,0.99]'],
      ['epochs', 2],
    ])
    expect(flatten({ optimizer: 'adamw' }).get('optimizer')).toBe('adamw')
  })

  test('only what differs', () => {
    const tables = [
      { a: 1, b: 2 },
      { a: 1, b: 3, c: null },
    ].map(flatten)
    expect(differingKeys(tables)).toEqual(['b', 'c'])
    expect(differingKeys(tables.slice(0, 1))).toEqual([])
  })
})
