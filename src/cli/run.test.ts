// plugboard run: the same training as in the page, told to people and to machines.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type EngineEvent, isEngineEvent, parseEvents } from '#protocol'
import { folderOf } from './folders.fixture.ts'
import { cli, CONFIG, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** The events that `--json` wrote. Fails when anything else is among them. */
function eventsOf(out: string): EngineEvent[] {
  const lines = out.trimEnd().split('\n')
  return parseEvents(lines.map((line) => JSON.parse(line) as unknown)).filter(isEngineEvent)
}

const valuesOf = (events: EngineEvent[]) =>
  events.flatMap((event) =>
    event.type === 'run.metrics'
      ? event.data.points.map(({ step, values }) => [step, values] as const)
      : [],
  )

test.each(['names', 'digits'])(
  'trains the example %s',
  async (name) => {
    const { code, out, err } = await cli([
      'run',
      `examples/${name}`,
      '--device=wasm',
      '--set=experiment.training.max_steps=3',
    ])
    expect(err).toBe('')
    expect(out).toMatch(/^\w+: \d+ parameters, \d+ rows to train on/m)
    expect(out).toMatch(/^Finished after 3 steps \(epoch 1\) in \d+\.\d s$/m)
    expect(out).toMatch(/loss \d.* val_loss \d/)
    expect(out).toContain('on CPU via WebAssembly (as asked for)')
    expect(code).toBe(0)
  },
  120_000,
)

test('writes progress, logs and a summary; says why the device was chosen', async () => {
  const { code, out } = await cli(['run', await folderOf(LINE)])
  expect(code).toBe(0)
  expect(out).toContain('line: 3 parameters, 144 rows to train on, 16 to validate, seed 3\n')
  expect(out).toMatch(/^epoch \d\/3 · step \d+\/27 · loss \d.* steps\/s/m)
  expect(out).toMatch(/^teller: step 25: \d\.\d+$/m)
  expect(out).toMatch(/^Finished after 27 steps \(epoch 3\)/m)
  expect(out).toMatch(/on CPU via WebAssembly \(.*webgpu.*\)/)
})

test('--json writes every event as a line, in order, and nothing else', async () => {
  const { code, out, err } = await cli(['run', await folderOf(LINE), '--device', 'cpu', '--json'])
  expect([code, err]).toEqual([0, ''])
  const events = eventsOf(out)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
  expect(valuesOf(events).filter(([, values]) => 'loss' in values)).toHaveLength(27)
  expect(events.at(-1)).toMatchObject({ type: 'run.state', data: { reason: 'finished', step: 27 } })
})

test('[F12] --log-level drops the lines below it; lines of JSON have level, plugin and fields', async () => {
  const writing = LINE['plugins/teller.ts']!.replace('`)', "`, { step, of: 'line' })")
  const folder = await folderOf({ ...LINE, 'plugins/teller.ts': writing })
  const { out } = await cli(['run', folder, '--device=cpu', '--json', '--log-level=info'])
  expect(eventsOf(out).find(({ type }) => type === 'log')).toMatchObject({
    plugin: 'teller',
    data: {
      level: 'info',
      message: expect.stringMatching(/^step 5: /),
      fields: { step: 5, of: 'line' },
    },
  })
  const quiet = await cli(['run', folder, '--device=cpu', '--log-level=warn'])
  expect(quiet.code).toBe(0)
  expect(quiet.out).not.toContain('teller')
})

test('a seed gives the same metrics twice, another one others', async () => {
  const folder = await folderOf(LINE)
  const metrics = async (seed: string) => {
    const { out } = await cli(['run', folder, '--device=cpu', '--json', '--seed', seed])
    return valuesOf(eventsOf(out))
  }
  const first = await metrics('11')
  expect(first.length).toBeGreaterThanOrEqual(27)
  expect(await metrics('11')).toEqual(first)
  expect(await metrics('12')).not.toEqual(first)
})

test('Ctrl+C stops the run at the next step', async () => {
  const folder = await folderOf({
    ...LINE,
    'plugboard.yaml': CONFIG.replace('epochs: 3', 'epochs: 100000'),
  })
  const interrupt = new AbortController()
  const { code, out } = await cli(['run', folder, '--device=cpu'], {
    signal: interrupt.signal,
    onText: (text) => text.startsWith('teller: step 25') && interrupt.abort(),
  })
  expect(code).toBe(130)
  expect(out).toMatch(/^Stopped after \d+ steps/m)
})

test('a run that fails ends with the line that threw, and code 1', async () => {
  const throws = LINE['plugins/line-model.ts']!.replace(
    'return { predictions',
    "if (input!.shape[0] === 16) throw new Error('too wide')\n    return { predictions",
  )
  const folder = await folderOf({ ...LINE, 'plugins/line-model.ts': throws })
  const { code, out, err } = await cli(['run', folder, '--device=cpu'])
  expect(code).toBe(1)
  expect(out).toContain('Failed after 0 steps')
  expect(err).toMatch(/^plugins\/line-model\.ts:6:\d+: error: .*too wide/)
  expect(err).toContain("  6 |     if (input!.shape[0] === 16) throw new Error('too wide')\n")
})

test('[A17] what plugins leave is named at the end, and written into a folder', async () => {
  const use = 'use:\n    metrics_csv: {}\n    logging: { config: { log_file: logs/line.log } }'
  const folder = await folderOf({ ...LINE, 'plugboard.yaml': CONFIG.replace('use:', use) })
  const named = await cli(['run', folder, '--device=cpu'])
  const names = 'logs/line.log, metrics.csv'
  expect(named.out).toMatch(`plugins left ${names}; --artefact-dir <folder> writes them\n`)
  const left = join(folder, 'left')
  const { code, out, err } = await cli(['run', folder, '--device=cpu', '--artefact-dir', left])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain(`wrote ${join(left, 'logs/line.log')}, ${join(left, 'metrics.csv')}\n`)
  const rows = (await readFile(join(left, 'metrics.csv'), 'utf8')).trimEnd().split('\n')
  expect([rows[0], rows.length]).toEqual(['step,epoch,time,loss,val_loss', 28])
  await writeFile(join(folder, 'blocked'), '')
  const blocked = join(folder, 'blocked')
  // What ended the run is told all the same.
  const broken = '--set=experiment.training.optimizer.config.learning_rate=1e30'
  const refused = await cli(['run', folder, '--device=cpu', broken, '--artefact-dir', blocked])
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(/^error: step \d+: the loss is /m)
  for (const name of ['logs/line.log', 'metrics.csv'])
    expect(refused.err).toContain(
      `\nerror: The artefact ${name} could not be written to '${blocked}`,
    )
})

test('[F11] --mlruns adds runs to a folder of MLflow: params, metrics by step, tags and artefacts', async () => {
  const folder = await folderOf(LINE)
  const mlruns = join(folder, 'mlruns')
  const experiment = join(mlruns, '77')
  await mkdir(experiment, { recursive: true })
  const meta = 'experiment_id: "77"\nname: line\n'
  await writeFile(join(experiment, 'meta.yaml'), meta)
  const { code, out } = await cli([
    'run',
    folder,
    `--mlruns=${mlruns}`,
    '--set=experiment.tags={team: vision, draft: true}',
  ])
  expect(code).toBe(0)
  const run = /^ {2}wrote (.+)$/m.exec(out)![1]!
  expect(dirname(run)).toBe(experiment)
  const read = (path: string) => readFile(join(run, path), 'utf8')
  expect(await readFile(join(experiment, 'meta.yaml'), 'utf8')).toBe(meta)
  expect(await read('meta.yaml')).toContain('status: 3\n')
  expect(await read('meta.yaml')).toMatch(/artifact_uri: "file:\/\/.*\/artifacts"/)
  expect(await read('params/seed')).toBe('3')
  expect(await read('tags/team')).toBe('vision')
  expect(await read('tags/draft')).toBe('true')
  expect(await read('metrics/loss')).toMatch(/^(?:\d{13} [\d.e-]+ \d+\n)+$/)
  expect(await read('artifacts/plugboard.yaml')).toContain('team: vision')
})
