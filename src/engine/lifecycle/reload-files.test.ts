// Edits of YAML while a run goes on: what they touch is reloaded, broken ones change nothing.
import { expect, test } from 'vitest'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

const trace: string[] = []
Object.assign(globalThis, { __edits: trace })

const METER = `import { plugin } from 'plugboard'
export default class extends plugin({}) {
  steps = 0
  onStepEnd() { this.steps++ }
  start() { globalThis.__edits.push(\`meter \${this.ctx.manifest.version} every \${this.config.every}, \${this.steps > 0 ? 'warm' : 'cold'}\`) }
  capture() { return this.steps }
  restore(steps) { this.steps = steps }
}`

const files = (version: string, every: string) => ({
  'plugins/meter/plugin.yaml': `name: meter\nversion: ${version}\nconfiguration:\n  every: { type: int, default: ${every} }\n`,
  'plugins/meter/index.ts': METER,
  'plugins/other.ts': pluginFile(
    { name: 'other' },
    `  start() { globalThis.__edits.push('other') }`,
  ),
})

test('[P17] an edit of plugin.yaml or of the project file reloads what it touches while a run goes on', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  const config = (plugins: string): string => lineProject(plugins, { epochs: 10_000 })
  await bench.start(files('1.0.0', '5'), config('{}'))
  await bench.once('run.progress', ({ step }) => step > 2)

  await bench.open(files('1.1.0', '7'), config('{}'))
  // A comment says nothing new.
  const same = files('1.1.0', '7')
  same['plugins/meter/plugin.yaml'] += '# the end\n'
  await bench.open(same, config('{}'))
  await bench.open(same, config('{ use: { meter: { config: { every: 9 } } } }'))
  expect(trace).toEqual([
    'meter 1.0.0 every 5, cold',
    'other',
    'meter 1.1.0 every 7, warm',
    'meter 1.1.0 every 9, warm',
  ])
  const reloaded = bench.events('plugin.reloaded')
  expect(reloaded).toMatchObject([
    { names: ['meter'], rebuiltModel: false },
    { names: ['meter'], rebuiltModel: false },
  ])
  const records = bench.records.filter(({ type }) => type === 'plugin.reloaded')
  expect(records.every(({ step }) => step! > 2)).toBe(true)

  const manifest = await bench.open(files('1.2.0', 'many'), config('{}'))
  const broken = {
    code: 'manifest.invalid',
    source: { file: 'plugins/meter/plugin.yaml', line: 4 },
  }
  expect(manifest.problems).toMatchObject([broken])
  const project = await bench.open(same, config('{ use: { meter: { config: { every: x } } } }'))
  const wrong = {
    code: 'config.invalid',
    plugin: 'meter',
    source: { file: 'plugboard.yaml', line: 1 },
  }
  expect(project.problems).toMatchObject([wrong])
  expect(bench.events('plugin.reload_failed')).toMatchObject([{ error: broken }, { error: wrong }])
  expect(trace.slice(4)).toEqual(['meter 1.1.0 every 9, warm'])
  expect(await bench.plugin('meter')).toMatchObject({
    state: 'running',
    manifest: { version: '1.1.0' },
  })

  const before = bench.events('run.progress').at(-1)!.step
  await bench.once('run.progress', ({ step }) => step > before)
  await bench.engine.control('stop')
  expect((await bench.ended()).reason).toBe('stopped')
})

test('an edit of a data file reloads the plugins that read it, and no others', async () => {
  const read = pluginFile(
    { name: 'reader' },
    `  async initialize(ctx) {
    const text = await ctx.asset('data/words.txt').then((bytes) => new TextDecoder().decode(bytes), () => 'nothing')
    globalThis.__edits.push('reads ' + text)
  }`,
  )
  const idle = pluginFile({ name: 'idle' }, `  start() { globalThis.__edits.push('idle') }`)
  const sources = { 'plugins/reader.ts': read, 'plugins/idle.ts': idle }
  const assets: Record<string, string> = { 'data/other.txt': 'a' }
  const bench = new Workbench({ assets })
  trace.length = 0
  await bench.up(sources)
  assets['data/words.txt'] = 'one'
  await bench.open(sources)
  assets['data/words.txt'] = 'two'
  assets['data/other.txt'] = 'b'
  await bench.open(sources)
  await bench.open(sources)
  expect(trace).toEqual(['reads nothing', 'idle', 'reads one', 'reads two'])
})
