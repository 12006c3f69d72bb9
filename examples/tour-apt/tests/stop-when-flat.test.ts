// Early stopping: by hand with made-up losses, and in a run that has learned all there is.
import {
  createTestEngine,
  describe,
  expect,
  fn,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import StopWhenFlat from '../plugins/stop-when-flat.ts'

const settings = (config: Record<string, unknown>) => ({ use: { stop_when_flat: { config } } })

test('conforms to what every plugin must keep', () => testPlugin(StopWhenFlat))

describe('[A18] stops', () => {
  /** Number of the validation after which it stops the run. */
  async function stopsAfter(config: Record<string, unknown>, losses: number[]) {
    const engine = await createTestEngine({
      plugins: [StopWhenFlat],
      config: { plugins: settings(config) },
    })
    await engine.up()
    for (const [i, loss] of losses.entries()) {
      const stop = fn()
      const args = { run: { stop }, metrics: { val_loss: loss } }
      await engine.call('stop_when_flat', 'onValidationEnd', args)
      if (stop.mock.calls.length > 0) return i + 1
    }
    return undefined
  }

  test('after `patience` validations without improvement', async () => {
    expect(await stopsAfter({ patience: 2 }, [3, 2, 2.5, 1.5, 1.6, 1.7])).toBe(6)
    expect(await stopsAfter({ patience: 1 }, [3, 2, 2.5])).toBe(3)
    expect(await stopsAfter({ patience: 2 }, [3, 2, 1])).toBeUndefined()
  })

  test('when improvements are below min_delta', async () => {
    expect(await stopsAfter({ min_delta: 0.1 }, [1, 0.95, 0.92])).toBe(3)
    expect(await stopsAfter({ min_delta: 0.01 }, [1, 0.95, 0.92])).toBeUndefined()
  })

  test('a run, and says why', async () => {
    const engine = await createTestEngine({
      plugins: [linePlugin, StopWhenFlat],
      config: {
        experiment: lineExperiment({ training: { epochs: 200 } }),
        plugins: settings({ patience: 3, min_delta: 0.01 }),
      },
    })
    const { reason, steps } = await engine.run()
    expect(reason).toBe('early_stopped')
    expect(steps).toBeLessThan(800)
    engine.events.assertEmitted('run.state', {
      state: 'ended',
      message: expect.stringMatching(/^val_loss has not fallen below .* in 3 validations$/),
    })
  })
})

test('[A21] is refused beside the built-in of its purpose, with both names', async () => {
  const engine = await createTestEngine({
    plugins: [StopWhenFlat],
    config: { plugins: { use: { early_stopping: {} } } },
  })
  await expect(engine.up()).rejects.toThrow(
    'stop_when_flat and early_stopping cannot run side by side',
  )
})

test('[A12] watches nothing but what is measured on held-back rows', async () => {
  const engine = await createTestEngine({
    plugins: [StopWhenFlat],
    config: { plugins: settings({ monitor: 'loss' }) },
  })
  await expect(engine.up()).rejects.toThrow('begins with val_')
})
