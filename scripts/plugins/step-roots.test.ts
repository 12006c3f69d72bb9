// What the steps of a real run can depend on. It replaces a module, so it needs a process of its own.
import '@tensorflow/tfjs-backend-cpu'
import { expect, test, vi } from 'vitest'
import { createRandom } from '#sdk'
import { linePlugin } from '../../src/engine/testing/line-plugin.ts'
import { pluginFile, Workbench } from '../../src/engine/testing/workbench.ts'
import { noteStep, StepState } from '../../src/engine/step-state/index.ts'
import { lineExperiment } from '../../src/engine/testing/fake-run.ts'
import { createParts } from '../../src/engine/nn/parts.ts'
import { stepRoots } from '../../src/engine/nn/step-roots.ts'
import type * as Surroundings from '../../src/engine/run-environment.ts'
import type { RunEnvironment } from '../../src/engine/nn/environment.ts'

/** The environments of runs that were started. */
const environments: RunEnvironment[] = []
vi.mock('../../src/engine/run-environment.ts', async (original) => {
  const { runEnvironment } = await original<typeof Surroundings>()
  const keeping: typeof runEnvironment = (surroundings) => {
    const env = runEnvironment(surroundings)
    environments.push(env)
    return env
  }
  return { runEnvironment: keeping }
})

const model = `import { Module, parameter, init, nn } from 'plugboard'
import { twice } from '../lib/twice.ts'
export class Mine extends Module {
  weight = parameter([2, 1], init.linear(2))
  drop = new nn.Dropout(0.1)
  forward({ x }: any, ctx: any) {
    return { prediction: this.drop.forward(twice(x), { ...ctx }).matMul(this.weight) }
  }
}
`

const files = {
  'lib/twice.ts': `export let calls = 0\nexport const reset = () => { calls = 9 }\nexport const twice = (x: any) => x.mul(2)`,
  'plugins/mine.ts': `${model}${pluginFile(
    { name: 'mine', category: 'model', provides: ['model/mine'] },
    `initialize() { this.ctx.provide('model', 'mine', () => new Mine()) }`,
  )}`,
  'plugins/scale.ts': pluginFile(
    { name: 'scale', category: 'callback', requires: { 'limits.limit': '*' } },
    `factor = 0.5
     #seen = 0
     onBackwardEnd({ gradients }: any) {
       return new Map([...gradients].map(([path, each]: any) => [path, each.mul(this.factor * this.services.limit.most())]))
     }
     onMetrics({ metrics }: any) { if (metrics.loss < 0) this.#seen++ }`,
    `inject: { limit: defineService('limits.limit') }`,
  ),
  'plugins/limits.ts': pluginFile(
    { name: 'limits', category: 'service', provides: ['limits.limit'] },
    `initialize() { let n = 1; this.ctx.provideService(defineService('limits.limit'), () => ({ most: () => n }))
       this.ctx.hook('onTrainEnd', () => { n = 1 }) }`,
  ),
  'plugins/outside.ts': pluginFile(
    { name: 'outside', category: 'callback' },
    `n = 0\nonStepEnd() { this.n++ }\nonMetrics() { this.n++ }`,
  ),
}

const config = (more = '') => `experiment:
  dataset: line
  model: mine
  validation_split: 0.2
  training: { optimizer: momentum, loss: squared_error, epochs: 1, batch_size: 8 }
plugins: { use: { scale: {} } }
${more}`

async function opened() {
  const workbench = new Workbench({ plugins: [linePlugin] })
  const report = await workbench.open(files, config())
  expect(report.problems).toEqual([])
  await workbench.engine.boot({ device: 'cpu' })
  await workbench.engine.startRun()
  expect(await workbench.ended()).toMatchObject({ reason: 'finished' })
  const env = environments.at(-1)!
  const random = createRandom(1)
  const experiment = lineExperiment({ model: 'mine' })
  const columns = {
    x: { shape: [2], dtype: 'float32' },
    y: { shape: [1], dtype: 'float32' },
  } as const
  const parts = createParts({ env, experiment, columns, random })
  const state = new StepState(() => stepRoots(env, parts))
  state.take()
  return { workbench, env, parts, state }
}

test('the state of a step is that of its parts, its handlers, their modules and services', async () => {
  const { env, parts, state, workbench } = await opened()
  const code = env.stepCode(parts.model.plugins)
  expect(new Set(code.modules.map(({ file }) => file))).toEqual(
    new Set(['plugins/mine.ts', 'lib/twice.ts', 'plugins/scale.ts', 'plugins/limits.ts']),
  )
  expect(code.plugins.map(({ name }) => name)).toEqual(['scale'])
  expect(code.placeOf('scale', 'factor')).toMatchObject({ file: 'plugins/scale.ts' })
  expect(state.reasons()).toEqual([])
  expect(state.changed()).toBeUndefined()

  const change = (instance: unknown, key: string, value: unknown): string | undefined => {
    const holder = instance as Record<string, unknown>
    const before = holder[key]
    holder[key] = value
    const found = state.changed()
    holder[key] = before
    expect(state.changed()).toBeUndefined()
    return found
  }
  const { drop } = parts.model.instance as unknown as { drop: object }
  expect(change(drop, 'rate', 0.2)).toBe('model mine.drop.rate was 0.1, and is 0.2')
  expect(change(code.plugins[0]!.instance, 'factor', 2)).toBe(
    'plugin scale.factor was 0.5, and is 2',
  )
  const outside = workbench.engine.plugins.unit('outside').instance
  expect(change(outside, 'n', -1)).toBeUndefined()
  await workbench.engine.transition('scale', 'stop')
  expect(state.changed()).toContain('handlers inside of the step')
})

test('what is asked of the engine inside of a step is noted', async () => {
  const { env, parts } = await opened()
  const { model, optimizer } = parts
  const note = (work: () => void) => noteStep(work, env).notes
  expect(note(() => env.log('mine').info('hello'))).toMatchObject([
    { message: 'the step writes to the log' },
    { message: 'the step emits the event log' },
  ])
  expect(note(() => void optimizer.instance.state())).toEqual([])
  expect(note(() => void model.instance.torchAxes)).toEqual([])
})
