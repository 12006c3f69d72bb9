// Hot reload against a model of it: random edits of a training, good and broken, never lose or double anything.
import fc from 'fast-check'
import * as tf from '@tensorflow/tfjs'
import { assert, expect, test } from 'vitest'
import { definePlugin, type HookArgs } from '#sdk'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

/** What the handlers of one step have said, such as `counter 3/1/0 #12`: version, and steps it has counted. */
const said: string[] = []
Object.assign(globalThis, { __said: said })

const stages = [
  'link',
  'manifest',
  'requirement',
  'load',
  'validate',
  'initialize',
  'restore',
  'start',
]
const damages = ['none', 'link', 'load', 'build', 'forward', 'shape'] as const

/** All that an author can have in the editor. */
interface Workspace {
  counter: { version: number; broken: string }
  /** Imported by the counter. */
  shared: { version: number; isBroken: boolean }
  /** Stands on the counter. */
  above: { version: number; failsToStart: boolean }
  model: { factor: number; hasExtra: boolean; damage: (typeof damages)[number] }
  yaml: { n: number; isAboveOn: boolean; isBroken: boolean }
}

const brokenAt = (broken: string, stage: string, text: string): string =>
  broken === stage ? text : ''

/** Counts its steps over all of its versions, and says so. */
const counting = (name: string, label: string) => `  count = 0
  onStepEnd() { this.count++; globalThis.__said.push('${name} ' + ${label} + ' #' + this.count) }
  capture() { return { count: this.count } }`

function counterFile({ version, broken }: Workspace['counter']): string {
  const failing = ['validate', 'initialize', 'start']
    .map((stage) => brokenAt(broken, stage, `  ${stage}() { throw new Error('${stage}') }\n`))
    .join('')
  return `import { SHARED } from '../lib/shared.ts'
${brokenAt(broken, 'link', `import { nothing } from './nowhere.ts'\nvoid nothing`)}
${brokenAt(broken, 'load', `throw new Error('load')`)}
${pluginFile(
  {
    name: 'counter',
    version: broken === 'manifest' ? 'broken' : `${version}.0.0`,
    requires: broken === 'requirement' ? { 'plugin:absent': '*' } : {},
  },
  `${counting('counter', `'${version}/' + SHARED + '/' + this.config.n`)}
  restore(state) { ${brokenAt(broken, 'restore', `throw new Error('restore')`)}; this.count = state.count }
${failing}`,
  'config: z.object({ n: z.int().min(0).default(0) })',
)}`
}

const aboveFile = ({ version, failsToStart }: Workspace['above']): string =>
  pluginFile(
    { name: 'above', version: `${version}.0.0`, requires: { 'plugin:counter': '*' } },
    `${counting('above', `'${version}'`)}
  restore(state) { this.count = state.count }
  start() { if (${failsToStart}) throw new Error('start') }`,
  )

const modelFile = ({ factor, hasExtra, damage }: Workspace['model']): string =>
  `import { plugin, Module, parameter, init } from 'plugboard'
${brokenAt(damage, 'link', `import { nothing } from './nowhere.ts'\nvoid nothing`)}
${brokenAt(damage, 'load', `throw new Error('load')`)}
class Mine extends Module {
  weight = parameter([2, ${damage === 'shape' ? 3 : 1}], init.linear(2))
  ${hasExtra ? 'extra = parameter([1], init.zeros())' : ''}
  constructor() { super(); ${brokenAt(damage, 'build', `throw new Error('build')`)} }
  forward({ x }) {
    ${brokenAt(damage, 'forward', `throw new Error('forward')`)}
    const prediction = x.matMul(this.weight).mul(${factor})
    return { prediction: ${hasExtra ? 'prediction.add(this.extra)' : 'prediction'} }
  }
}
export default class extends plugin({
  manifest: { name: 'mine', version: '1.0.0', provides: ['model/mine'] },
}) {
  initialize(ctx) { ctx.provide('model', 'mine', () => new Mine()) }
}`

const filesOf = ({ counter, shared, above, model }: Workspace): Record<string, string> => ({
  'plugins/counter.ts': counterFile(counter),
  'plugins/above.ts': aboveFile(above),
  'plugins/mine.ts': modelFile(model),
  'lib/shared.ts': shared.isBroken
    ? `throw new Error('shared')\nexport const SHARED = 0`
    : `export const SHARED = ${shared.version}`,
})

const configOf = ({ yaml: { n, isAboveOn, isBroken } }: Workspace): string => {
  const use = `{ probe: {}, counter: { config: { n: ${n} } }, above: { enabled: ${isAboveOn} } }`
  const text = lineProject(`{ use: ${use} }`, { epochs: 100_000 })
  return text.replace('model: line', 'model: mine').replace('plugins:', isBroken ? 'plugin:' : '$&')
}

/** Whether the engine takes `next` while it runs `present`. */
function isAccepted(next: Workspace, present: Workspace): boolean {
  const { counter, shared, above, model, yaml } = next
  const isCounterNew = changedIn(next, present).includes('counter')
  return (
    counter.broken === 'none' &&
    // A module that nobody loads anew is not run.
    !(shared.isBroken && isCounterNew) &&
    !(yaml.isAboveOn && above.failsToStart) &&
    model.damage === 'none' &&
    (model.hasExtra || !present.model.hasExtra) &&
    !yaml.isBroken &&
    yaml.n >= 0
  )
}

/** Plugins that are another in `next`, or are gone from it. */
function changedIn(next: Workspace, present: Workspace): string[] {
  const differ = (key: (it: Workspace) => unknown): boolean =>
    JSON.stringify(key(next)) !== JSON.stringify(key(present))
  const isCounterNew = differ(({ counter, shared, yaml }) => [counter, shared, yaml.n])
  const isOn = next.yaml.isAboveOn || present.yaml.isAboveOn
  const isAboveNew = isOn && (isCounterNew || differ(({ above, yaml }) => [above, yaml.isAboveOn]))
  return [
    ...(isCounterNew ? ['counter'] : []),
    ...(isAboveNew ? ['above'] : []),
    ...(differ(({ model }) => model) ? ['mine'] : []),
  ]
}

const versionOf = ({ counter, shared, yaml }: Workspace): string =>
  `${counter.version}/${shared.version}/${yaml.n}`

const number = fc.integer({ min: 1, max: 9 })
/** Good more often than broken, so that sequences get somewhere. */
const mostly = <T>(good: T, ...bad: T[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  )

/** One edit: a part of the workspace anew. */
const edit: fc.Arbitrary<Partial<Workspace>> = fc.oneof(
  fc.record({
    counter: fc.record({
      version: number,
      broken: fc.oneof(fc.constant('none'), fc.constantFrom(...stages)),
    }),
  }),
  fc.record({ shared: fc.record({ version: number, isBroken: mostly(false, true) }) }),
  fc.record({ above: fc.record({ version: number, failsToStart: mostly(false, true) }) }),
  fc.record({
    model: fc.record({
      factor: fc.constantFrom(1, 1.5, 2),
      hasExtra: fc.boolean(),
      damage: mostly<(typeof damages)[number]>(...damages),
    }),
  }),
  fc.record({
    yaml: fc.record({
      n: mostly(1, 0, -1),
      isAboveOn: fc.boolean(),
      isBroken: mostly(false, true),
    }),
  }),
)

const edits = fc.array(
  fc.record({ edit, isLive: mostly(false, true), isUndone: mostly(true, false) }),
  { minLength: 1, maxLength: 8 },
)

/** Watches the weights from step to step. */
function probePlugin() {
  const probe = { steps: 0, lost: [] as number[], weights: [] as number[] }
  const weightsOf = ({ model }: HookArgs<'onStepEnd'>['run']): number[] => [
    ...(model as unknown as { weight: tf.Variable }).weight.dataSync(),
  ]
  const plugin = definePlugin({
    manifest: { name: 'probe', version: '1.0.0' },
    methods: {
      onStepBegin: ({ run, step }: HookArgs<'onStepBegin'>) => {
        const isSame = weightsOf(run).every((value, i) => value === probe.weights[i])
        if (step > 1 && !isSame) probe.lost.push(step)
      },
      onStepEnd: ({ run }: HookArgs<'onStepEnd'>) => {
        probe.steps++
        probe.weights = weightsOf(run)
      },
    },
  })
  return { probe, plugin }
}

const clear: Workspace = {
  counter: { version: 1, broken: 'none' },
  shared: { version: 1, isBroken: false },
  above: { version: 1, failsToStart: false },
  model: { factor: 1, hasExtra: false, damage: 'none' },
  yaml: { n: 0, isAboveOn: true, isBroken: false },
}

const wait = () => new Promise<void>((resolve) => void setTimeout(resolve, 0))

interface Edit {
  edit: Partial<Workspace>
  /** Made while it trains, not while it is paused. */
  isLive: boolean
  /** If it is refused; else it is left broken for the next ones to stand beside. */
  isUndone: boolean
}

async function play(sequence: readonly Edit[]): Promise<void> {
  const tensorsBefore = tf.memory().numTensors
  const { probe, plugin } = probePlugin()
  const bench = new Workbench({ plugins: [linePlugin, plugin] })
  const countPauses = () => bench.events('run.state').filter((it) => it.state === 'paused').length
  const untilPausedAfter = async (act: () => Promise<void>) => {
    const before = countPauses()
    await act()
    while (countPauses() === before) await wait()
  }
  const step = () => untilPausedAfter(() => bench.engine.control('step'))
  const openIt = (it: Workspace) => bench.open(filesOf(it), configOf(it))

  await bench.start(filesOf(clear), configOf(clear))
  await bench.once('run.begin')
  await untilPausedAfter(() => bench.engine.control('pause'))
  await step()
  said.splice(0)
  let tensors = tf.memory().numTensors
  let present = clear
  let written = clear
  // Steps that each has seen: what they capture and restore.
  const counts = { counter: probe.steps, above: probe.steps }

  for (const { edit: change, isLive, isUndone } of sequence) {
    written = { ...written, ...change }
    const isTaken = isAccepted(written, present)
    const changed = changedIn(written, present)
    const [before, after] = [present, isTaken ? written : present]
    const outcome = () => [
      bench.events('plugin.reloaded').length,
      bench.events('plugin.reload_failed').length,
    ]
    const [reloaded, failed] = outcome() as [number, number]
    if (isLive) {
      await untilPausedAfter(async () => {
        const from = probe.steps
        await bench.engine.control('resume')
        while (probe.steps === from) await wait()
        await openIt(written)
        await bench.engine.control('pause')
      })
    } else {
      const held = [...probe.weights]
      await openIt(written)
      assert.deepEqual(probe.weights, held)
      const isGrown = after.model.hasExtra && !before.model.hasExtra
      assert.equal(tf.memory().numTensors, tensors + (isGrown ? 1 : 0))
    }
    const isReload = isTaken && changed.length > 0
    expect(outcome()).toEqual([reloaded + (isReload ? 1 : 0), failed + (isTaken ? 0 : 1)])
    if (isReload)
      assert.deepEqual(bench.events('plugin.reloaded').at(-1)!.names.toSorted(), changed.toSorted())
    await step()
    present = after
    if (!isTaken && isUndone) written = present

    // One version of each at a time, the old ones before the new ones, no step left out.
    const [oldCounter, newCounter] = [versionOf(before), versionOf(after)]
    const entries = said.splice(0).map((line) => line.split(/ #?/) as [string, string, string])
    const ofCounter = entries.filter(([name]) => name === 'counter')
    expect(ofCounter.map(([, , count]) => Number(count))).toEqual(
      ofCounter.map((_, i) => counts.counter + i + 1),
    )
    counts.counter += ofCounter.length
    expect(counts.counter).toBe(probe.steps)
    const turning = ofCounter.findIndex(([, version]) => version !== oldCounter)
    const later = turning === -1 ? [] : ofCounter.slice(turning)
    expect(later.every(([, version]) => version === newCounter)).toBe(true)
    expect(ofCounter.at(-1)![1]).toBe(newCounter)
    const ofAbove = entries.filter(([name]) => name === 'above')
    expect(ofAbove.length).toBeLessThanOrEqual(ofCounter.length)
    const hasBoth = before.yaml.isAboveOn && after.yaml.isAboveOn
    if (hasBoth) assert.equal(ofAbove.length, ofCounter.length)
    if (before.yaml.isAboveOn) counts.above += ofAbove.length
    if (!before.yaml.isAboveOn) counts.above = ofAbove.length
    if (after.yaml.isAboveOn) {
      assert.deepEqual(ofAbove.at(-1)!.slice(1), [`${after.above.version}`, `${counts.above}`])
    } else if (!before.yaml.isAboveOn || !isLive) assert.deepEqual(ofAbove, [])

    const { plugins } = await bench.engine.report()
    const owned = plugins.flatMap(({ hooks, contributions, manifest: { name } }) =>
      [...hooks.map(({ hook }) => hook), ...contributions.map((it) => it.name)].map(
        (it) => `${name} ${it}`,
      ),
    )
    expect(owned.filter((it) => /^(counter|mine) /.test(it))).toEqual([
      'counter onStepEnd',
      'mine mine',
    ])
    const states = Object.fromEntries(
      plugins.map(({ manifest, state }) => [manifest.name, `${state} ${manifest.version}`]),
    )
    expect(states).toMatchObject({
      line: 'running 1.0.0',
      mine: 'running 1.0.0',
      counter: `running ${after.counter.version}.0.0`,
      ...(after.yaml.isAboveOn ? { above: `running ${after.above.version}.0.0` } : {}),
    })
    expect(states['above'] === undefined || states['above'].startsWith('running')).toBe(
      after.yaml.isAboveOn,
    )
    expect(probe.lost).toEqual([])
    // A parameter that is new, and the optimizer's state of it.
    if (after.model.hasExtra && !before.model.hasExtra) tensors += 2
    expect(tf.memory().numTensors).toBe(tensors)
  }
  await bench.engine.control('stop')
  expect((await bench.ended()).reason).toBe('stopped')
  expect(tf.memory().numTensors).toBe(tensorsBefore)
}

test(
  '[P18] no sequence of edits loses weights or state, leaves two versions at work, or leaks',
  { timeout: 120_000 },
  async () => {
    await fc.assert(fc.asyncProperty(edits, play), { seed: 18, numRuns: 30 })
  },
)
