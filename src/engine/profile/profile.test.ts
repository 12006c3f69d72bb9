// Recordings of steps, through the engine's own door.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { stepPhases } from '#protocol'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

const leaky = pluginFile(
  { name: 'leaky' },
  `  #kept = []
  onStepEnd() { this.#kept.push(tf.scalar(1)) }
  onBackwardEnd({ gradients }) {
    for (const it of gradients.values()) it.mul(2)
    return undefined
  }
  cleanup() { tf.dispose(this.#kept) }`,
).replace('import {', `import * as tf from '@tensorflow/tfjs'\nimport {`)

async function record(steps: number, isExact = false) {
  const bench = new Workbench({ plugins: [linePlugin] })
  await bench.open({ 'plugins/leaky.ts': leaky }, lineProject())
  await bench.engine.boot({ device: 'cpu' })
  await bench.engine.profile({ steps, isExact })
  await bench.engine.startRun()
  await bench.ended()
  return bench
}

describe('[W05] a recording of steps', () => {
  test('has as many as were asked for, with phases in order and calls inside of the step', async () => {
    const bench = await record(3)
    const steps = bench.events('profile.step')
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3])
    for (const { startMs, durationMs, phases, calls } of steps) {
      expect(phases.map(({ name }) => name)).toEqual([...stepPhases])
      const spent = phases.reduce((sum, phase) => sum + phase.durationMs, 0)
      expect(spent).toBeLessThanOrEqual(durationMs)
      expect(spent).toBeGreaterThan(durationMs / 2)
      for (const call of calls) {
        expect(call.startMs).toBeGreaterThanOrEqual(startMs)
        expect(call.startMs + call.durationMs).toBeLessThanOrEqual(startMs + durationMs)
      }
    }
    expect(bench.events('profile.state')).toEqual([
      { state: 'recording', steps: 3, done: 0, isExact: true },
      { state: 'ended', steps: 3, done: 3, isExact: true },
    ])
  })

  test('names hooks and components by plugin, and kernels', async () => {
    const [first] = (await record(1)).events('profile.step')
    const names = first!.calls.map(({ plugin, kind, name }) => `${kind} ${plugin} ${name}`)
    expect(names).toContain('hook leaky onStepEnd')
    expect(names).toContain('component line forward of model line')
    expect(names).toContain('component line backward of model line')
    const sum = first!.kernels.reduce((all, { calls }) => all + calls, 0)
    expect(sum).toBeGreaterThan(5)
    expect(first!.launches).toBeUndefined()
  })

  test('tells which call left tensors behind; those that a scope frees are none', async () => {
    const [first] = (await record(1)).events('profile.step')
    const left = Object.fromEntries(first!.calls.map(({ name, tensors }) => [name, tensors]))
    expect(left['onStepEnd']).toBe(1)
    expect(left['onBackwardEnd']).toBe(0)
  })

  test('ends with its run, and leaves tfjs as it was', async () => {
    const { runKernel } = tf.engine()
    const bench = await record(1000)
    const { done } = bench.events('profile.state').at(-1)!
    expect(done).toBe(bench.events('profile.step').length)
    expect(done).toBeGreaterThan(1)
    expect(tf.engine().runKernel).toBe(runKernel)
  })

  test('is refused for a number of steps that makes no sense', async () => {
    const bench = new Workbench()
    await bench.engine.boot({ device: 'cpu' })
    await expect(bench.engine.profile({ steps: 0, isExact: false })).rejects.toMatchObject({
      code: 'config.invalid',
    })
  })
})

test('[W05] the report tells of each plugin what it takes, gives and spends', async () => {
  const bench = new Workbench()
  const text = pluginFile(
    { name: 'teller' },
    `  initialize(ctx) {
    ctx.hook('onEpochEnd', () => {}, { when: every.epochs(5), priority: 7 })
    this.services.clock.now()
    ctx.events.emit('teller.said', 1)
    ctx.events.emit('teller.said', 2)
  }`,
    `config: z.object({ size: z.number().default(3) }), inject: { clock: defineService('core.clock') },`,
  )
  await bench.up({ 'plugins/teller.ts': text })
  const told = await bench.plugin('teller')
  expect(JSON.parse(told.config!)).toEqual({ size: 3 })
  expect(told.uses).toEqual(['core.clock'])
  expect(told.emits).toEqual([{ type: 'teller.said', count: 2 }])
  expect(told.hooks).toMatchObject([
    { hook: 'onEpochEnd', condition: 'every 5 epochs', priority: 7, isWrapper: false },
  ])
  expect(told.stages.map(({ stage }) => stage)).toEqual(
    expect.arrayContaining(['load', 'initialize', 'start']),
  )
})
