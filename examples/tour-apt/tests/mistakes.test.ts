// What the engine does about plugins that go wrong.
import { type HookArgs, plugin } from 'plugboard'
import { createTestEngine, expect, lineExperiment, linePlugin, test } from 'plugboard/testing'

test('[A25] a hook that does not exist is refused, with the nearest that does', async () => {
  class Typo extends plugin({ manifest: { name: 'typo', version: '1.0.0' } }) {
    onEpochStart() {}
  }
  const engine = await createTestEngine({ plugins: [Typo] })
  await expect(engine.up()).rejects.toMatchObject({
    code: 'hook.unknown',
    message: expect.stringContaining('onEpochStart'),
    hint: expect.stringContaining('onEpochBegin'),
  })
})

test('[A23] a hook that throws is told, the others and the training go on, and it is out after three', async () => {
  class Clumsy extends plugin({ manifest: { name: 'clumsy', version: '1.0.0', priority: 10 } }) {
    onEpochEnd({ epoch }: HookArgs<'onEpochEnd'>) {
      throw new Error(`dropped epoch ${epoch}`)
    }
  }
  class Steady extends plugin({ manifest: { name: 'steady', version: '1.0.0' } }) {
    epochs: number[] = []
    onEpochEnd({ epoch }: HookArgs<'onEpochEnd'>) {
      this.epochs.push(epoch)
    }
  }
  const engine = await createTestEngine({
    plugins: [linePlugin, Clumsy, Steady],
    config: { experiment: lineExperiment({ training: { epochs: 5 } }) },
  })
  expect((await engine.run()).reason).toBe('finished')
  expect(engine.instance<Steady>('steady').epochs).toEqual([1, 2, 3, 4, 5])
  const failures = engine.events.data('hook.failed')
  expect(failures).toHaveLength(3)
  expect(failures[0]).toMatchObject({
    hook: 'onEpochEnd',
    error: {
      plugin: 'clumsy',
      message: expect.stringContaining('dropped epoch 1'),
      source: { file: 'tests/mistakes.test.ts' },
    },
  })
  expect(engine.state('clumsy')).toBe('failed')
})
